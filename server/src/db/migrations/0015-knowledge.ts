import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** Messages of groups that are worth keeping, who approves them, where they go, how they are found. */
export async function up(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { integer, position } = dialects[dialect];
  const { schema } = db;

  await schema
    .createTable('knowledge_admins')
    .addColumn('number', position)
    .addColumn('jid', 'text', (c) => c.notNull())
    .addColumn('alt_jid', 'text')
    .addColumn('since_position', integer, (c) => c.notNull())
    .addColumn('until_position', integer)
    .execute();

  await schema
    .createTable('knowledge_routes')
    .addColumn('number', position)
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('source_jid', 'text', (c) => c.notNull())
    .addColumn('targets', 'text', (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('since_position', integer, (c) => c.notNull())
    .addColumn('until_position', integer)
    .execute();

  await schema
    .createTable('knowledge_messages')
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('group_jid', 'text', (c) => c.notNull())
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('sender_jid', 'text')
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('tags', 'text', (c) => c.notNull())
    .addColumn('by_admin', integer, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('deleted', integer, (c) => c.notNull().defaultTo(0))
    .addColumn('approved_at', integer)
    .addPrimaryKeyConstraint('knowledge_messages_key', ['owner_id', 'group_jid', 'message_id'])
    .execute();

  await schema
    .createTable('knowledge_sightings')
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('group_jid', 'text', (c) => c.notNull())
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('knowledge_sightings_key', [
      'owner_id',
      'group_jid',
      'message_id',
      'session_id',
    ])
    .execute();
  await schema
    .createIndex('knowledge_sightings_session')
    .on('knowledge_sightings')
    .columns(['session_id', 'message_id'])
    .execute();

  await schema
    .createTable('knowledge_stars')
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('group_jid', 'text', (c) => c.notNull())
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('person', 'text', (c) => c.notNull())
    .addColumn('starred', integer, (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('knowledge_stars_key', [
      'owner_id',
      'group_jid',
      'message_id',
      'person',
    ])
    .execute();

  await schema
    .createTable('knowledge_forwards')
    .addColumn('number', position)
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('group_jid', 'text', (c) => c.notNull())
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('target_jid', 'text', (c) => c.notNull())
    .addColumn('route_id', 'text', (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('source_session_id', 'text', (c) => c.notNull())
    .addColumn('event_position', integer, (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('sent_message_id', 'text')
    .addColumn('error', 'text')
    .addColumn('created_at', integer, (c) => c.notNull())
    .addUniqueConstraint('knowledge_forwards_once', [
      'owner_id',
      'group_jid',
      'message_id',
      'target_jid',
    ])
    .execute();
  await schema
    .createIndex('knowledge_forwards_route')
    .on('knowledge_forwards')
    .columns(['route_id', 'number'])
    .execute();

  await createIndexTables(db, dialect);
}

/** Approved messages as the search of the database has them (docs/decisions/0029). */
async function createIndexTables(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { integer } = dialects[dialect];
  const { schema } = db;
  await schema
    .createTable('knowledge_documents')
    .addColumn('place', integer, (c) => c.primaryKey())
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('group_jid', 'text', (c) => c.notNull())
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('scope', 'text', (c) => c.notNull())
    .addColumn('words', dialect === 'sqlite' ? 'text' : sql`tsvector`, (c) => c.notNull())
    .addUniqueConstraint('knowledge_documents_message', ['owner_id', 'group_jid', 'message_id'])
    .execute();
  await schema
    .createTable('knowledge_tags')
    .addColumn('place', integer, (c) => c.notNull())
    .addColumn('tag', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('knowledge_tags_key', ['tag', 'place'])
    .execute();
  await schema
    .createTable('knowledge_words')
    .addColumn('word', 'text', (c) => c.primaryKey())
    .execute();
  await schema
    .createTable('knowledge_grams')
    .addColumn('gram', 'text', (c) => c.notNull())
    .addColumn('word', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('knowledge_grams_key', ['gram', 'word'])
    .execute();
  if (dialect === 'postgres') {
    await sql`create index knowledge_documents_words on knowledge_documents using gin (words)`.execute(
      db,
    );
    return;
  }
  await sql`create virtual table knowledge_search using
    fts5(scope, words, content = '', contentless_delete = 1, tokenize = 'ascii')`.execute(db);
  const add = sql`insert into knowledge_search (rowid, scope, words)
    values (new.place, new.scope, new.words)`;
  const remove = sql`delete from knowledge_search where rowid = old.place`;
  await sql`create trigger knowledge_search_insert after insert on knowledge_documents
    begin ${add}; end`.execute(db);
  await sql`create trigger knowledge_search_update after update on knowledge_documents
    begin ${remove}; ${add}; end`.execute(db);
  await sql`create trigger knowledge_search_delete after delete on knowledge_documents
    begin ${remove}; end`.execute(db);
}
