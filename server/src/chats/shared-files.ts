import type { SharedKind, SharedPage } from '@patchbay/contract';
import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import type { MessagePages } from './message-pages.js';
import { MESSAGE_COLUMNS } from './message-view.js';

/** As the indexes of migration 0019 say it: with bound values neither database would use them. */
const KINDS: Record<SharedKind, RawBuilder<boolean>> = {
  media: sql`type in ('image', 'video')`,
  documents: sql`type = 'document'`,
  links: sql`text like '%://%' and hidden = 0`,
};

/** What was shared in a chat: pictures and videos, documents, or links, newest first. */
export class SharedFiles {
  constructor(
    private readonly database: Database,
    private readonly messages: MessagePages,
  ) {}

  async page(
    sessionId: string,
    chatId: string,
    kind: SharedKind,
    { limit, after }: { limit: number; after?: string | undefined },
  ): Promise<SharedPage> {
    let query = this.database.kysely
      .selectFrom('messages')
      .select(MESSAGE_COLUMNS)
      .where('session_id', '=', sessionId)
      .where('chat_id', '=', chatId)
      .where(KINDS[kind])
      .orderBy('at', 'desc')
      .orderBy('arrival', 'desc')
      .limit(limit + 1);
    if (after) {
      const [at, arrival] = decodeCursor(after, ['number', 'number']);
      query = query.where(sql<boolean>`(at, arrival) < (${at}, ${arrival})`);
    }
    const rows = await query.execute();
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      messages: await this.messages.views(sessionId, page),
      after: rows.length > limit && last ? encodeCursor(last.at, last.arrival) : null,
    };
  }
}
