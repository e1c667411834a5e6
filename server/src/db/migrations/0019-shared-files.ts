import type { Kysely } from 'kysely';
import { sql } from 'kysely';

/**
 * Pictures, documents and links of a chat are few among its messages, and are looked through from
 * the newest on: each kind has an index of its own, of no more than them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index messages_pictures on messages (session_id, chat_id, at, arrival)
    where type in ('image', 'video')`.execute(db);
  await sql`create index messages_documents on messages (session_id, chat_id, at, arrival)
    where type = 'document'`.execute(db);
  await sql`create index messages_links on messages (session_id, chat_id, at, arrival)
    where text like '%://%' and hidden = 0`.execute(db);
}
