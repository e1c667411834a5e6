import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../../../db/database.js';
import type { WriteStep } from '../../../db/write-unit.js';
import { decodeCursor, encodeCursor } from '../../../http/cursor.js';
import { foldedWords } from './fold.js';
import type {
  Found,
  KnowledgeDocument,
  KnowledgeIndex,
  KnowledgeQuery,
  MessageKey,
} from './knowledge-index.js';
import { Matcher } from './matching.js';
import { fullTextQuery, vectorOf, vectorQuery, type WordChoice } from './query-text.js';
import { tokensOf, tokensWanted } from './tokens.js';
import { Vocabulary } from './vocabulary.js';
import { tagKey, type Wanted, wantedOf } from './wanted.js';

/** So many of the newest messages that fit are ranked together; a page ends in their order. */
const WINDOW = 200;
const PLACES_PER_SECOND = 2 ** 20;
const LAST_PLACE = Number.MAX_SAFE_INTEGER;

/** How a query is understood: as written, with typos allowed, or any of its words. */
type Reading = 'exact' | 'like' | 'any';

interface Place {
  top: number;
  offset: number;
  reading: Reading;
}

/** The search in our own database, SQLite or PostgreSQL (docs/decisions/0029). */
export class DatabaseIndex implements KnowledgeIndex {
  private readonly vocabulary: Vocabulary;

  constructor(private readonly database: Database) {
    this.vocabulary = new Vocabulary(database);
  }

  async put(document: KnowledgeDocument): Promise<WriteStep[]> {
    const { kysely, dialect } = this.database;
    const words = foldedWords(document.text).map(({ word }) => word);
    const tokens = tokensOf(document);
    const place = await this.placeFor(document);
    const key = rowOf(document);
    const values = {
      ...key,
      place,
      scope: tokens.join(' '),
      words:
        dialect === 'sqlite'
          ? sql<string>`${words.join(' ')}`
          : sql<string>`cast(${vectorOf(tokens, words)} as tsvector)`,
    };
    const tags = [...new Set(document.tags.map(tagKey))].map((tag) => ({ place, tag }));
    return [
      ...(await this.remove(document)),
      ...(await this.vocabulary.learn(words)),
      { query: kysely.insertInto('knowledge_documents').values(values) },
      ...(tags.length > 0 ? [{ query: kysely.insertInto('knowledge_tags').values(tags) }] : []),
    ];
  }

  async remove(key: MessageKey): Promise<WriteStep[]> {
    const { kysely } = this.database;
    const row = rowOf(key);
    const places = kysely
      .selectFrom('knowledge_documents')
      .select('place')
      .where('owner_id', '=', row.owner_id)
      .where('group_jid', '=', row.group_jid)
      .where('message_id', '=', row.message_id);
    const documents = kysely
      .deleteFrom('knowledge_documents')
      .where('owner_id', '=', row.owner_id)
      .where('group_jid', '=', row.group_jid)
      .where('message_id', '=', row.message_id);
    return [
      { query: kysely.deleteFrom('knowledge_tags').where('place', 'in', places) },
      { query: documents },
    ];
  }

  async search(query: KnowledgeQuery): Promise<Found> {
    const wanted = wantedOf(query.q);
    const at = placeOf(query.after);
    for (const reading of at ? [at.reading] : this.readingsOf(wanted)) {
      const top = at?.top ?? LAST_PLACE;
      const choices = await this.choices(wanted, reading);
      const places = await this.window(query, wanted, choices, reading, top);
      const enough = reading === 'exact' ? query.limit : 1;
      const isLast = reading === 'any' || wanted.phrases.length + wanted.tags.length === 0;
      if (!at && places.length < enough && !isLast) continue;
      return await this.page(query, wanted, places, { top, offset: at?.offset ?? 0, reading });
    }
    return { keys: [], after: null };
  }

  private readingsOf({ phrases, tags }: Wanted): Reading[] {
    return phrases.length + tags.length === 0 ? ['exact'] : ['exact', 'like', 'any'];
  }

  /** For each word that is looked for, the words by which it is found. */
  private async choices({ phrases, tags }: Wanted, reading: Reading): Promise<WordChoice[]> {
    const choices = await Promise.all(
      phrases.map(async ({ words, beginning }): Promise<WordChoice> => {
        const [word] = words;
        const isOne = words.length === 1 && word !== undefined;
        const like = reading !== 'exact' && isOne ? await this.vocabulary.like(word) : [];
        return { words, beginning, like };
      }),
    );
    if (reading === 'exact') return choices;
    // A tag that is written wrongly may still be a word of the text.
    const asWords = tags.map(async (tag): Promise<WordChoice> => {
      const words = foldedWords(tag).map(({ word }) => word);
      const like = words.length === 1 ? await this.vocabulary.like(tag) : [];
      return { words, beginning: false, like };
    });
    return [...choices, ...(await Promise.all(asWords))];
  }

  /** Places of the newest messages that fit, from `top` downwards. */
  private async window(
    query: KnowledgeQuery,
    { tags }: Wanted,
    choices: WordChoice[],
    reading: Reading,
    top: number,
  ): Promise<number[]> {
    const tokens = tokensWanted(query, reading === 'exact' ? tags : []);
    if (!tokens) return [];
    const from = query.from === undefined ? 0 : firstPlaceOf(query.from);
    const to = query.to === undefined ? LAST_PLACE : firstPlaceOf(query.to + 999);
    const within = sql`between ${from} and ${Math.min(top, to - 1)}`;
    const any = reading === 'any';
    const found =
      tokens.length + choices.length === 0
        ? sql<{ place: number }>`select place from knowledge_documents where place ${within}
            order by place desc limit ${WINDOW}`
        : this.database.dialect === 'sqlite'
          ? sql<{ place: number }>`select rowid as place from knowledge_search
              where knowledge_search match ${fullTextQuery(tokens, choices, any)}
                and rowid ${within}
              order by rowid desc limit ${WINDOW}`
          : sql<{ place: number }>`with hits as materialized (
                select place from knowledge_documents
                where words @@ cast(${vectorQuery(tokens, choices, any)} as tsquery)
                  and place ${within})
              select place from hits order by place desc limit ${WINDOW}`;
    const { rows } = await found.execute(this.database.kysely);
    return rows.map(({ place }) => Number(place));
  }

  /** Ranks a window of messages and cuts the page out of it. */
  private async page(
    { limit }: KnowledgeQuery,
    { phrases, tags }: Wanted,
    places: number[],
    { top, offset, reading }: Place,
  ): Promise<Found> {
    if (places.length === 0) return { keys: [], after: null };
    const rows = await this.database.kysely
      .selectFrom('knowledge_documents as d')
      .innerJoin('knowledge_messages as m', (join) =>
        join
          .onRef('m.owner_id', '=', 'd.owner_id')
          .onRef('m.group_jid', '=', 'd.group_jid')
          .onRef('m.message_id', '=', 'd.message_id'),
      )
      .select(['d.place', 'd.owner_id', 'd.group_jid', 'd.message_id', 'm.text'])
      .where('d.place', 'in', places)
      .execute();
    const asWords = tags.map((tag) => ({
      words: foldedWords(tag).map(({ word }) => word),
      beginning: false,
    }));
    const matcher = new Matcher(reading === 'exact' ? phrases : [...phrases, ...asWords]);
    const ranked = rows
      .map((row) => ({ row, score: matcher.match(foldedWords(row.text)).score }))
      .sort((a, b) => b.score - a.score || b.row.place - a.row.place);
    const keys = ranked.slice(offset, offset + limit).map(({ row }) => ({
      ownerId: row.owner_id,
      groupId: row.group_jid,
      messageId: row.message_id,
    }));
    const next = offset + limit;
    // Anchored at its newest message, a window stays the same when others come.
    const anchor = top === LAST_PLACE ? (places[0] ?? 0) : top;
    if (next < ranked.length) return { keys, after: encodeCursor(anchor, next, reading) };
    const last = places.at(-1) ?? 0;
    const isFull = places.length === WINDOW;
    return { keys, after: isFull ? encodeCursor(last - 1, 0, reading) : null };
  }

  /** The place that a message has already, or one in its second that is free. */
  private async placeFor(document: KnowledgeDocument): Promise<number> {
    const { owner_id, group_jid, message_id } = rowOf(document);
    const first = firstPlaceOf(document.at);
    const name = createHash('sha256').update(JSON.stringify([owner_id, group_jid, message_id]));
    let place = first + (name.digest().readUInt32BE(0) % PLACES_PER_SECOND);
    for (;;) {
      const taken = await this.database.kysely
        .selectFrom('knowledge_documents')
        .select(['owner_id', 'group_jid', 'message_id'])
        .where('place', '=', place)
        .executeTakeFirst();
      const isOwn = taken?.message_id === message_id && taken.group_jid === group_jid;
      if (!taken || (isOwn && taken.owner_id === owner_id)) return place;
      place = first + ((place - first + 1) % PLACES_PER_SECOND);
    }
  }
}

function rowOf({ ownerId, groupId, messageId }: MessageKey) {
  return { owner_id: ownerId, group_jid: groupId, message_id: messageId };
}

/** The first place of the second of a time in milliseconds. */
function firstPlaceOf(at: number): number {
  const second = Math.min(Math.max(0, Math.floor(at / 1000) || 0), 2 ** 32 - 1);
  return second * PLACES_PER_SECOND;
}

function placeOf(after: string | undefined): Place | undefined {
  if (after === undefined) return undefined;
  const [top, offset, reading] = decodeCursor(after, ['number', 'number', 'string']);
  const isKnown = reading === 'like' || reading === 'any';
  return { top, offset: Math.max(0, offset), reading: isKnown ? reading : 'exact' };
}
