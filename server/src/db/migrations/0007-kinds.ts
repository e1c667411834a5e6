import type { Kysely } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** What the kinds of messages need: votes and responses, edits, pins, the timer of a chat. */
export async function up(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { integer } = dialects[dialect];
  const { schema } = db;

  await schema
    .createTable('answers')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('sender_jid', 'text', (c) => c.notNull())
    .addColumn('from_me', integer, (c) => c.notNull())
    .addColumn('answer', 'text', (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('answers_pk', ['session_id', 'message_id', 'sender_jid'])
    .execute();

  await schema.alterTable('messages').addColumn('edited_at', integer).execute();
  await schema.alterTable('messages').addColumn('pinned_until', integer).execute();
  await schema.alterTable('chats').addColumn('disappearing_seconds', integer).execute();
}
