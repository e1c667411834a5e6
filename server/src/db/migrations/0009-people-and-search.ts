import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import {
  firstPlaceOf,
  indexedWords,
  placeAfter,
  wordsColumn,
} from '../../chats/search/search-index.js';
import type { DialectName } from '../dialect.js';
import type { Schema } from '../schema.js';

/** What belongs to a person is found by either name, PN or LID; messages by their words. */
export async function up(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { schema } = db;
  await schema
    .createIndex('lid_mappings_pn')
    .on('lid_mappings')
    .columns(['session_id', 'pn'])
    .execute();
  await schema
    .createIndex('chat_aliases_chat')
    .on('chat_aliases')
    .columns(['session_id', 'chat_id'])
    .execute();
  await schema
    .createIndex('reactions_sender')
    .on('reactions')
    .columns(['session_id', 'sender_jid'])
    .execute();
  await schema
    .createIndex('answers_sender')
    .on('answers')
    .columns(['session_id', 'sender_jid'])
    .execute();
  if (dialect === 'sqlite') await createFullTextTable(db);
  else await createVectorColumn(db);
  await indexWhatIsThere(db as Kysely<Schema>, dialect);
}

async function createVectorColumn(db: Kysely<unknown>): Promise<void> {
  await sql`alter table messages add column place bigint`.execute(db);
  await sql`alter table messages add column words tsvector`.execute(db);
  await sql`create index messages_words on messages using gin (words)`.execute(db);
}

/** The table keeps no text of its own; triggers let it follow `messages.words`. */
async function createFullTextTable(db: Kysely<unknown>): Promise<void> {
  await sql`alter table messages add column place integer`.execute(db);
  await sql`alter table messages add column words text`.execute(db);
  await sql`create unique index messages_place on messages (place)`.execute(db);
  await sql`create virtual table message_search using
    fts5(scope, words, content = '', contentless_delete = 1, tokenize = 'ascii')`.execute(db);
  const add = sql`insert into message_search (rowid, scope, words)
    select new.place,
      's' || hex(new.session_id) || ' c' || hex(new.session_id || '/' || new.chat_id) ||
      ' t' || hex(new.type),
      new.words
    where new.words is not null`;
  const remove = sql`delete from message_search where rowid = old.place and old.words is not null`;
  await sql`create trigger message_search_insert after insert on messages
    when new.words is not null begin ${add}; end`.execute(db);
  await sql`create trigger message_search_update after update of words on messages
    begin ${remove}; ${add}; end`.execute(db);
  await sql`create trigger message_search_delete after delete on messages
    when old.words is not null begin ${remove}; end`.execute(db);
}

const BATCH = 500;

async function indexWhatIsThere(db: Kysely<Schema>, dialect: DialectName): Promise<void> {
  let after = -1;
  for (;;) {
    const rows = await db
      .selectFrom('messages')
      .select(['session_id', 'id', 'at', 'arrival', 'hidden', 'text'])
      .where('arrival', '>', after)
      .orderBy('arrival')
      .limit(BATCH)
      .execute();
    for (const row of rows) {
      const text = row.hidden ? '' : row.text;
      await db
        .updateTable('messages')
        .set({
          place: placeAfter(dialect, firstPlaceOf(row.at)),
          words: wordsColumn(dialect, indexedWords(dialect, row.session_id, text)),
        })
        .where('session_id', '=', row.session_id)
        .where('id', '=', row.id)
        .execute();
    }
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = last.arrival;
  }
}
