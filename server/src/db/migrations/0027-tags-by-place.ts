import type { Kysely } from 'kysely';

/** What is indexed anew forgets its tags by its place: without this every message read all of them. */
export async function up({ schema }: Kysely<unknown>): Promise<void> {
  await schema.createIndex('knowledge_tags_place').on('knowledge_tags').column('place').execute();
}
