import type { Note } from '@patchbay/contract';
import type { Selectable } from 'kysely';
import type { Database } from '../../db/database.js';
import type { Schema } from '../../db/schema.js';

type NoteRow = Selectable<Schema['chat_notes']>;

/** Private notes as they are read. */
export class NoteStore {
  constructor(private readonly database: Database) {}

  async byIds(ids: string[]): Promise<Map<string, Note>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.kysely
      .selectFrom('chat_notes')
      .selectAll()
      .where('id', 'in', ids)
      .execute();
    return new Map(rows.map((row) => [row.id, toNote(row)]));
  }
}

export function toNote(row: NoteRow): Note {
  return {
    id: row.id,
    chatId: row.chat_id,
    text: row.text,
    authorId: row.author_id,
    authorName: row.author_name,
    timestamp: new Date(row.at).toISOString(),
    editedAt: row.edited_at === null ? null : new Date(row.edited_at).toISOString(),
  };
}
