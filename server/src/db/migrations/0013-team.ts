import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/**
 * What a team keeps of chats. Whatever a list of chats filters by stands in the one index that gives
 * its order, so that rows that do not fit are passed without being read.
 */
export async function up(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { schema } = db;
  const { integer, bytewise } = dialects[dialect];
  await schema
    .alterTable('chats')
    .addColumn('team_status', 'text', (c) => c.notNull().defaultTo('open'))
    .execute();
  await schema.alterTable('chats').addColumn('assignee_id', 'text').execute();
  await schema
    .alterTable('chats')
    .addColumn('team_revision', integer, (c) => c.notNull().defaultTo(0))
    .execute();
  await schema.dropIndex('chats_recent').execute();
  await sql`create index chats_recent on chats (session_id, last_message_at, ${bytewise('id')},
    pinned_at, archived, unread_count, marked_unread, is_group, team_status, assignee_id)`.execute(
    db,
  );
  await sql`create index chats_pinned on chats (session_id, last_message_at, ${bytewise('id')})
    where pinned_at is not null`.execute(db);
  await sql`create index chats_assigned on chats (assignee_id, session_id)
    where assignee_id is not null`.execute(db);

  await schema
    .createTable('team_labels')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('color', 'text', (c) => c.notNull())
    .execute();

  await schema
    .createTable('chat_team_labels')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('chat_id', 'text', (c) => c.notNull())
    .addColumn('label_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('chat_team_labels_pk', ['session_id', 'chat_id', 'label_id'])
    .execute();
  await schema
    .createIndex('chat_team_labels_label')
    .on('chat_team_labels')
    .columns(['label_id', 'session_id', 'chat_id'])
    .execute();

  await schema
    .createTable('chat_notes')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('chat_id', 'text', (c) => c.notNull())
    .addColumn('author_id', 'text', (c) => c.notNull())
    .addColumn('author_name', 'text')
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('arrival', integer, (c) => c.notNull())
    .addColumn('edited_at', integer)
    .execute();
  await schema
    .createIndex('chat_notes_of_chat')
    .on('chat_notes')
    .columns(['session_id', 'chat_id', 'at', 'arrival'])
    .execute();

  await schema
    .createTable('canned_replies')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('author_id', 'text', (c) => c.notNull())
    .addColumn('shortcut', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('shared', integer, (c) => c.notNull())
    .addUniqueConstraint('canned_replies_shortcut', ['author_id', 'shortcut'])
    .execute();
}
