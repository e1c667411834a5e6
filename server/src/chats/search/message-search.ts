import type { SearchPage } from '@patchbay/contract';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { ApiError } from '../../http/api-error.js';
import { decodeCursor, encodeCursor } from '../../http/cursor.js';
import { chatJidOf } from '../chat-address.js';
import type { MessagePages } from '../message-pages.js';
import { MESSAGE_COLUMNS } from '../message-view.js';
import { isPerson } from '../same-person.js';
import { firstPlaceOf, fullTextQuery, vectorQuery } from './search-index.js';
import { snippetOf } from './snippet.js';
import type { Phrase } from './words.js';
import { phrasesOf } from './words.js';

export const SearchQuery = z.object({
  q: z.string().min(1).max(256),
  chatId: z.string().min(1).max(128).optional(),
  sender: z.string().min(1).max(128).optional().describe('`me`, a phone number or a jid'),
  type: z.string().min(1).max(32).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional().describe('Excluded'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().min(1).max(512).optional(),
});
export type SearchQuery = z.infer<typeof SearchQuery>;

interface Looking {
  sessionId: string;
  phrases: Phrase[];
  query: SearchQuery;
  /** The chat to look in, and all its names. */
  chat: { id: string; names: string[] } | undefined;
}

/** Finds messages of a session by their words, in our own store. */
export class MessageSearch {
  constructor(
    private readonly database: Database,
    private readonly pages: MessagePages,
  ) {}

  /** Newest first. Throws `invalid_request` when the query has no word, `chat_not_found`. */
  async search(sessionId: string, query: SearchQuery): Promise<SearchPage> {
    const phrases = phrasesOf(query.q);
    if (phrases.length === 0) {
      throw new ApiError('invalid_request', 'q: there is no word in it to look for');
    }
    const chat = query.chatId ? await this.chat(sessionId, query.chatId) : undefined;
    const looking = { sessionId, phrases, query, chat };
    const rows =
      this.database.dialect === 'sqlite'
        ? await this.inFullText(looking)
        : await this.inVectors(looking);
    const found = rows.slice(0, query.limit);
    const messages = await this.pages.views(sessionId, found);
    const last = found.at(-1);
    return {
      results: messages.map((message, index) => ({
        message,
        snippet: snippetOf(found[index]?.text ?? '', phrases),
      })),
      after:
        rows.length > query.limit && last ? encodeCursor(last.order_at, last.order_within) : null,
    };
  }

  /** The full-text table gives its rows by place, which is time, so that it can stop early. */
  private async inFullText({ sessionId, phrases, query, chat }: Looking) {
    const [before] = query.after ? decodeCursor(query.after, ['number', 'number']) : [];
    const { from, to } = query;
    const wanted = fullTextQuery(sessionId, phrases, chat?.names ?? [], query.type);
    const found = sql<{ rowid: number }>`(
      select rowid from message_search where message_search match ${wanted}
        ${from ? sql`and rowid >= ${firstPlaceOf(Date.parse(from))}` : sql``}
        ${to ? sql`and rowid < ${firstPlaceOf(Date.parse(to) + 999)}` : sql``}
        ${before === undefined ? sql`` : sql`and rowid < ${before}`}
      order by rowid desc)`;
    return await this.matching(sessionId, query, chat?.id)
      .innerJoin(found.as('f'), (join) => join.onRef('f.rowid', '=', 'messages.place'))
      .select(['f.rowid as order_at', 'messages.arrival as order_within'])
      .orderBy('f.rowid', 'desc')
      .execute();
  }

  private async inVectors({ sessionId, phrases, query, chat }: Looking) {
    const wanted = vectorQuery(sessionId, phrases);
    let select = this.matching(sessionId, query, chat?.id)
      .select(['messages.at as order_at', 'messages.arrival as order_within'])
      .where(sql<boolean>`messages.words @@ cast(${wanted} as tsquery)`)
      .orderBy('messages.at', 'desc')
      .orderBy('messages.arrival', 'desc');
    if (query.after) {
      const [at, arrival] = decodeCursor(query.after, ['number', 'number']);
      select = select.where(sql<boolean>`(messages.at, messages.arrival) < (${at}, ${arrival})`);
    }
    return await select.execute();
  }

  private matching(sessionId: string, query: SearchQuery, chatId: string | undefined) {
    let select = this.database.kysely
      .selectFrom('messages')
      .select(MESSAGE_COLUMNS.map((column) => `messages.${column}` as const))
      .where('messages.session_id', '=', sessionId)
      .where('messages.hidden', '=', 0)
      .limit(query.limit + 1);
    if (chatId) select = select.where('messages.chat_id', '=', chatId);
    if (query.type) select = select.where('messages.type', '=', query.type);
    if (query.from) select = select.where('messages.at', '>=', Date.parse(query.from));
    if (query.to) select = select.where('messages.at', '<', Date.parse(query.to));
    if (query.sender === 'me') select = select.where('messages.from_me', '=', 1);
    else if (query.sender) {
      const sender = chatJidOf(query.sender);
      select = select
        .where('messages.from_me', '=', 0)
        .where(isPerson(sessionId, 'messages.sender_jid', sender));
    }
    return select;
  }

  private async chat(sessionId: string, chatId: string) {
    const jid = chatJidOf(chatId);
    const rows = await this.database.kysely
      .selectFrom('chat_aliases as a')
      .innerJoin('chat_aliases as other', (join) =>
        join
          .onRef('other.session_id', '=', 'a.session_id')
          .onRef('other.chat_id', '=', 'a.chat_id'),
      )
      .select(['a.chat_id', 'other.jid'])
      .where('a.session_id', '=', sessionId)
      .where('a.jid', '=', jid)
      .execute();
    const id = rows[0]?.chat_id;
    if (!id) throw new ApiError('chat_not_found', `This session has no chat ${jid}`);
    return { id, names: [...new Set([id, ...rows.map((row) => row.jid)])] };
  }
}
