import type { Kysely } from 'kysely';
import type { DialectName } from '../dialect.js';
import { dialects } from '../dialect.js';

/** Chatbots: who answers where, what was asked and what became of it. */
export async function up({ schema }: Kysely<unknown>, dialect: DialectName): Promise<void> {
  const { integer, bytes } = dialects[dialect];
  await schema
    .createTable('chatbots')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.notNull().unique())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('enabled', integer, (c) => c.notNull())
    .addColumn('responder', 'text', (c) => c.notNull())
    .addColumn('ai', 'text', (c) => c.notNull())
    .addColumn('webhook_url', 'text')
    .addColumn('quiet_ms', integer, (c) => c.notNull())
    .addColumn('api_key', bytes)
    .addColumn('webhook_secret', bytes, (c) => c.notNull())
    .addColumn('begins_at', integer, (c) => c.notNull())
    .addColumn('decided_to', integer, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('updated_at', integer, (c) => c.notNull())
    .execute();

  await schema
    .createTable('chatbot_conversations')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('chatbot_id', 'text', (c) => c.notNull())
    .addColumn('session_id', 'text', (c) => c.notNull())
    .addColumn('chat_id', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('state_cause', 'text')
    .addColumn('state_at', integer)
    .addColumn('last_message_at', integer, (c) => c.notNull())
    .addColumn('error', 'text')
    .addUniqueConstraint('chatbot_conversations_chat', ['chatbot_id', 'chat_id'])
    .execute();
  await schema
    .createIndex('chatbot_conversations_recent')
    .on('chatbot_conversations')
    .columns(['chatbot_id', 'last_message_at', 'id'])
    .execute();
  await schema
    .createIndex('chatbot_conversations_session')
    .on('chatbot_conversations')
    .columns(['session_id', 'chat_id'])
    .execute();

  await schema
    .createTable('chatbot_messages')
    .addColumn('chatbot_id', 'text', (c) => c.notNull())
    .addColumn('conversation_id', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('content', 'text', (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('position', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('chatbot_messages_pk', ['conversation_id', 'id'])
    .execute();
  await schema
    .createIndex('chatbot_messages_order')
    .on('chatbot_messages')
    .columns(['conversation_id', 'position'])
    .execute();
  await schema
    .createIndex('chatbot_messages_day')
    .on('chatbot_messages')
    .columns(['chatbot_id', 'at'])
    .execute();

  await schema
    .createTable('chatbot_questions')
    .addColumn('chatbot_id', 'text', (c) => c.notNull())
    .addColumn('conversation_id', 'text', (c) => c.notNull())
    .addColumn('message_id', 'text', (c) => c.notNull())
    .addColumn('position', integer, (c) => c.notNull())
    .addColumn('asked_at', integer, (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('answer_id', 'text')
    .addColumn('decided_at', integer)
    .addPrimaryKeyConstraint('chatbot_questions_pk', ['conversation_id', 'message_id'])
    .execute();
  await schema
    .createIndex('chatbot_questions_answer')
    .on('chatbot_questions')
    .columns(['chatbot_id', 'answer_id'])
    .execute();

  await schema
    .createTable('chatbot_usage')
    .addColumn('chatbot_id', 'text', (c) => c.notNull())
    .addColumn('day', 'text', (c) => c.notNull())
    .addColumn('answers', integer, (c) => c.notNull().defaultTo(0))
    .addColumn('failures', integer, (c) => c.notNull().defaultTo(0))
    .addColumn('tokens_in', integer, (c) => c.notNull().defaultTo(0))
    .addColumn('tokens_out', integer, (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('chatbot_usage_pk', ['chatbot_id', 'day'])
    .execute();
}
