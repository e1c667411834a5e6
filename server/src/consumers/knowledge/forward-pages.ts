import type { Forward, ForwardList, ForwardState } from '@patchbay/contract';
import type { Database } from '../../db/database.js';
import type { Scope } from '../../event-log/event-log.js';
import { inScope } from '../../event-log/in-scope.js';
import { decodeCursor, encodeCursor } from '../../http/cursor.js';

interface Asked {
  scope: readonly Scope[];
  routeId?: string | undefined;
  limit: number;
  before?: string | undefined;
}

const TEXT = 200;

/** What was forwarded, with how far each message has come. */
export class ForwardPages {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list({ scope, routeId, limit, before }: Asked): Promise<ForwardList> {
    const [number] = before ? decodeCursor(before, ['number']) : [Number.MAX_SAFE_INTEGER];
    let query = this.rows()
      .where('f.number', '<', number)
      .where(inScope(scope, 'f.owner_id', 'f.session_id'))
      .orderBy('f.number', 'desc')
      .limit(limit + 1);
    if (routeId !== undefined) query = query.where('f.route_id', '=', routeId);
    const rows = await query.execute();
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      forwards: page.map(viewOf),
      before: rows.length > limit && last ? encodeCursor(last.number) : null,
    };
  }

  private rows() {
    return this.database.kysely
      .selectFrom('knowledge_forwards as f')
      .leftJoin('messages as sent', (join) =>
        join
          .onRef('sent.session_id', '=', 'f.session_id')
          .onRef('sent.id', '=', 'f.sent_message_id'),
      )
      .leftJoin('messages as said', (join) =>
        join
          .onRef('said.session_id', '=', 'f.source_session_id')
          .onRef('said.id', '=', 'f.message_id'),
      )
      .leftJoin('groups as source', (join) =>
        join
          .onRef('source.session_id', '=', 'f.source_session_id')
          .onRef('source.jid', '=', 'f.group_jid'),
      )
      .leftJoin('groups as target', (join) =>
        join
          .onRef('target.session_id', '=', 'f.session_id')
          .onRef('target.jid', '=', 'f.target_jid'),
      )
      .selectAll('f')
      .select([
        'sent.status as sent_status',
        'sent.error as sent_error',
        'sent.failure_code',
        'sent.certainly_not_sent',
        'said.text',
        'source.subject as source_subject',
        'target.subject as target_subject',
      ]);
  }
}

type Row = Awaited<ReturnType<ReturnType<ForwardPages['rows']>['execute']>>[number];

function viewOf(row: Row): Forward {
  const failed = row.state === 'failed';
  const waits = row.state === 'pending';
  // A message that retention has taken away had left.
  const state: ForwardState = failed ? 'failed' : waits ? 'pending' : (row.sent_status ?? 'sent');
  return {
    id: row.id,
    routeId: row.route_id,
    sessionId: row.session_id,
    sourceGroupId: row.group_jid,
    targetGroupId: row.target_jid,
    sourceSubject: row.source_subject,
    targetSubject: row.target_subject,
    sourceMessageId: row.message_id,
    text: row.text === null ? null : row.text.slice(0, TEXT),
    state,
    messageId: row.sent_message_id,
    error: row.error ?? row.sent_error,
    ...(row.failure_code && {
      failure: { code: row.failure_code, certainlyNotSent: row.certainly_not_sent === 1 },
    }),
    createdAt: new Date(row.created_at).toISOString(),
  };
}
