import type { Kysely } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** Sessions, their keys, the event log, chats, messages and the outbox. */
export async function up(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { bytes, integer, position } = dialects[dialect];
  const { schema } = db;

  await schema
    .createTable('settings')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();

  await schema
    .createTable('sessions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('slot', integer, (c) => c.notNull())
    .addColumn('engine', 'text', (c) => c.notNull())
    .addColumn('epoch', integer, (c) => c.notNull())
    .addColumn('wanted', integer, (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('attempt', integer, (c) => c.notNull())
    .addColumn('status_since', integer, (c) => c.notNull())
    .addColumn('next_attempt_at', integer)
    .addColumn('linked', integer, (c) => c.notNull())
    .addColumn('jid', 'text')
    .addColumn('lid', 'text')
    .addColumn('label', 'text')
    .addColumn('display_name', 'text')
    .addColumn('event_sequence', integer, (c) => c.notNull())
    .addColumn('link_code', bytes)
    .addColumn('link_code_kind', 'text')
    .addColumn('link_code_expires_at', integer)
    .addColumn('last_seen_at', integer)
    .addColumn('created_at', integer, (c) => c.notNull())
    .addUniqueConstraint('sessions_slot', ['owner_id', 'slot'])
    .execute();
  await schema.createIndex('sessions_jid').on('sessions').column('jid').execute();

  await schema
    .createTable('session_keys')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('value', bytes, (c) => c.notNull())
    .addPrimaryKeyConstraint('session_keys_pk', ['session_id', 'kind', 'id'])
    .execute();

  await schema
    .createTable('events')
    .addColumn('position', position)
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('sequence', integer, (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('data', 'text', (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addUniqueConstraint('events_sequence', ['session_id', 'sequence'])
    .execute();

  await createChatTables(db, dialect);

  await schema
    .createTable('outbox')
    .addColumn('number', position)
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('chat_jid', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', integer, (c) => c.notNull())
    .addColumn('due_at', integer, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addUniqueConstraint('outbox_message', ['session_id', 'message_id'])
    .execute();
}

async function createChatTables(db: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { bytes, integer } = dialects[dialect];
  const { schema } = db;

  await schema
    .createTable('chats')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('is_group', integer, (c) => c.notNull())
    .addColumn('name', 'text')
    .addColumn('unread_count', integer, (c) => c.notNull())
    .addColumn('last_message_id', 'text')
    .addColumn('last_message_at', integer)
    .addPrimaryKeyConstraint('chats_pk', ['session_id', 'id'])
    .execute();
  await schema
    .createIndex('chats_recent')
    .on('chats')
    .columns(['session_id', 'last_message_at', 'id'])
    .execute();

  await schema
    .createTable('chat_aliases')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('jid', 'text', (c) => c.notNull())
    .addColumn('chat_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('chat_aliases_pk', ['session_id', 'jid'])
    .execute();

  await schema
    .createTable('contacts')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('jid', 'text', (c) => c.notNull())
    .addColumn('name', 'text')
    .addColumn('push_name', 'text')
    .addPrimaryKeyConstraint('contacts_pk', ['session_id', 'jid'])
    .execute();

  await schema
    .createTable('lid_mappings')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('lid', 'text', (c) => c.notNull())
    .addColumn('pn', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('lid_mappings_pk', ['session_id', 'lid'])
    .execute();

  await schema
    .createTable('messages')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('chat_id', 'text', (c) => c.notNull())
    .addColumn('from_me', integer, (c) => c.notNull())
    .addColumn('sender_jid', 'text')
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('content', 'text', (c) => c.notNull())
    .addColumn('quoted_id', 'text')
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('arrival', integer, (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('error', 'text')
    .addColumn('hidden', integer, (c) => c.notNull())
    .addColumn('edited', integer, (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('raw', bytes)
    .addPrimaryKeyConstraint('messages_pk', ['session_id', 'id'])
    .execute();
  await schema
    .createIndex('messages_of_chat')
    .on('messages')
    .columns(['session_id', 'chat_id', 'hidden', 'at', 'arrival'])
    .execute();
  await schema
    .createIndex('messages_by_time')
    .on('messages')
    .columns(['session_id', 'hidden', 'at', 'arrival'])
    .execute();

  await schema
    .createTable('reactions')
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('sender_jid', 'text', (c) => c.notNull())
    .addColumn('from_me', integer, (c) => c.notNull())
    .addColumn('emoji', 'text', (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('reactions_pk', ['session_id', 'message_id', 'sender_jid'])
    .execute();
}
