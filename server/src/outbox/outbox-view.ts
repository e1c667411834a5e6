import type {
  MessageStatus,
  OutboxEntry,
  OutboxPage,
  SendFailure,
  WaitingFor,
} from '@patchbay/contract';
import type { MessagePages } from '../chats/message-pages.js';
import type { Database } from '../db/database.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import type { OutboxForecast, WaitingRow } from './outbox-forecast.js';
import { type Verdict, whenAllowed } from './send-policy.js';

/** Where a message of ours stands. */
export interface MessageState {
  status: MessageStatus;
  error: string | null;
  failure?: SendFailure;
  /** While it waits: when it is expected to be sent (ms). */
  dueAt?: number;
}

/** The outbox as clients see it: what waits, for what, and until when. */
export class OutboxView {
  constructor(
    private readonly database: Database,
    private readonly forecast: OutboxForecast,
    private readonly pages: MessagePages,
  ) {}

  /** Where a message stands, or undefined when the session has none with this id. */
  async state(sessionId: string, messageId: string): Promise<MessageState | undefined> {
    const row = await this.database.kysely
      .selectFrom('messages')
      .select(['status', 'error', 'failure_code', 'certainly_not_sent'])
      .where('session_id', '=', sessionId)
      .where('id', '=', messageId)
      .executeTakeFirst();
    if (!row) return undefined;
    const { status, error, failure_code: code } = row;
    const dueAt =
      status === 'queued'
        ? (await this.forecast.due(sessionId, [messageId])).get(messageId)?.at
        : undefined;
    return {
      status,
      error,
      ...(code && { failure: { code, certainlyNotSent: row.certainly_not_sent === 1 } }),
      ...(dueAt !== undefined && { dueAt }),
    };
  }

  /** A page of what waits, in the order of sending; throws `invalid_request` for a foreign cursor. */
  async page(
    sessionId: string,
    { limit, after }: { limit: number; after?: string | undefined },
    isConnected: boolean,
  ): Promise<OutboxPage> {
    const now = Date.now();
    const cursor = after === undefined ? undefined : decodeCursor(after, ['number', 'number']);
    const rows = await this.forecast.waiting(sessionId, { after: cursor, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const ids = page.map((row) => row.message_id);
    const [due, messages, { pacing, usage }] = await Promise.all([
      this.forecast.due(sessionId, ids),
      this.pages.byIds(sessionId, ids),
      this.forecast.pacing(sessionId, now),
    ]);
    const byId = new Map(messages.map((message) => [message.id, message]));
    const next = whenAllowed(pacing, usage, now, false);
    return {
      waiting: page.flatMap((row): OutboxEntry[] => {
        const message = byId.get(row.message_id);
        if (!message) return [];
        const verdict = due.get(row.message_id);
        return [
          {
            message,
            waitingFor: waitsFor(row, verdict, { now, isConnected }),
            dueAt: new Date(verdict?.at ?? row.due_at).toISOString(),
            attempts: row.attempts,
            expiresAt: row.expires_at === null ? null : new Date(row.expires_at).toISOString(),
          },
        ];
      }),
      after: rows.length > limit && last ? encodeCursor(last.send_at, last.number) : null,
      pacing: {
        settings: pacing,
        lastMinute: usage.recent.reduce((sum, { sent }) => sum + sent, 0),
        today: usage.sent,
        newChatsToday: usage.newChats,
        nextAt: next.at > now ? new Date(next.at).toISOString() : null,
      },
    };
  }
}

function waitsFor(
  row: WaitingRow,
  verdict: Verdict | undefined,
  { now, isConnected }: { now: number; isConnected: boolean },
): WaitingFor {
  if (row.state !== 'queued') return 'ack';
  if (row.send_at > now) return 'schedule';
  if (!isConnected) return 'connection';
  if (row.due_at > now) return 'retry';
  return verdict?.because ?? 'turn';
}
