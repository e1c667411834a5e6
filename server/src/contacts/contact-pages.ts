import type { ContactPage } from '@patchbay/contract';
import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import { phoneOf } from '../whatsapp/jid.js';

/** Contacts as they are read: one entry for each person, whatever names are known of him. */
export class ContactPages {
  constructor(private readonly database: Database) {}

  /** By jid. Who is known by number and by LID is listed by number. */
  async list(
    sessionId: string,
    { limit, after }: { limit: number; after?: string | undefined },
  ): Promise<ContactPage> {
    let query = this.database.kysely
      .selectFrom('contacts as k')
      .select(['k.jid', 'k.name', 'k.push_name'])
      .where('k.session_id', '=', sessionId)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('lid_mappings as l')
              .innerJoin('contacts as p', (join) =>
                join.onRef('p.session_id', '=', 'l.session_id').onRef('p.jid', '=', 'l.pn'),
              )
              .select(sql<number>`1`.as('one'))
              .whereRef('l.session_id', '=', 'k.session_id')
              .whereRef('l.lid', '=', 'k.jid'),
          ),
        ),
      )
      .orderBy('k.jid')
      .limit(limit + 1);
    if (after) query = query.where('k.jid', '>', decodeCursor(after, ['string'])[0]);
    const rows = await query.execute();
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      contacts: page.map(({ jid, name, push_name }) => ({
        jid,
        phone: phoneOf(jid) ?? null,
        name,
        pushName: push_name,
      })),
      after: rows.length > limit && last ? encodeCursor(last.jid) : null,
    };
  }
}
