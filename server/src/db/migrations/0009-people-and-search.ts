import type { Kysely } from 'kysely';

/** What belongs to a person is found by either name, PN or LID. */
export async function up(db: Kysely<unknown>): Promise<void> {
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
}
