import type { Kysely } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** Groups and their members, what the account's devices share about its chats, labels. */
export async function up(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { integer } = dialects[dialect];
  const { schema } = db;

  await schema
    .createTable('groups')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('jid', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('description', 'text')
    .addColumn('owner_jid', 'text')
    .addColumn('created_at', integer)
    .addColumn('announce', integer, (c) => c.notNull())
    .addColumn('locked', integer, (c) => c.notNull())
    .addColumn('ephemeral_seconds', integer, (c) => c.notNull())
    .addColumn('addressing', 'text', (c) => c.notNull())
    .addColumn('member', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('groups_pk', ['session_id', 'jid'])
    .execute();

  await schema
    .createTable('group_members')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('group_jid', 'text', (c) => c.notNull())
    .addColumn('jid', 'text', (c) => c.notNull())
    .addColumn('alt_jid', 'text')
    .addColumn('role', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('group_members_pk', ['session_id', 'group_jid', 'jid'])
    .execute();

  for (const flag of ['archived', 'marked_unread'] as const) {
    await schema
      .alterTable('chats')
      .addColumn(flag, integer, (c) => c.notNull().defaultTo(0))
      .execute();
  }
  await schema.alterTable('chats').addColumn('pinned_at', integer).execute();
  await schema.alterTable('chats').addColumn('muted_until', integer).execute();
  await schema.alterTable('chats').addColumn('picture', 'text').execute();

  await schema
    .createTable('labels')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('color', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('labels_pk', ['session_id', 'id'])
    .execute();

  await schema
    .createTable('chat_labels')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('chat_id', 'text', (c) => c.notNull())
    .addColumn('label_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('chat_labels_pk', ['session_id', 'chat_id', 'label_id'])
    .execute();
}
