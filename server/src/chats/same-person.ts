import { sql } from 'kysely';
import type { Database } from '../db/database.js';
import type { WriteStep } from '../db/write-unit.js';
import { isLidJid, isPnJid } from '../whatsapp/jid.js';

/** Both names of a person, where two jids are that. */
export function pairOf(jid: string, altJid: string | undefined) {
  if (!altJid) return undefined;
  if (isLidJid(jid) && isPnJid(altJid)) return { lid: jid, pn: altJid };
  if (isPnJid(jid) && isLidJid(altJid)) return { lid: altJid, pn: jid };
  return undefined;
}

/** The name under which a person's reactions are kept: the phone number where it is known. */
export function authorName(sessionId: string, jid: string) {
  if (!isLidJid(jid)) return sql<string>`${jid}`;
  return sql<string>`coalesce((select pn from lid_mappings
    where session_id = ${sessionId} and lid = ${jid}), ${jid})`;
}

/** Whether a column names this person, by either name. */
export function isPerson(sessionId: string, column: string, jid: string) {
  const ref = sql.ref(column);
  if (isLidJid(jid)) {
    return sql<boolean>`(${ref} = ${jid} or ${ref} = (select pn from lid_mappings
      where session_id = ${sessionId} and lid = ${jid}))`;
  }
  return sql<boolean>`(${ref} = ${jid} or ${ref} in (select lid from lid_mappings
    where session_id = ${sessionId} and pn = ${jid}))`;
}

/**
 * Steps that keep one reaction and one answer (to a poll, an event) for each message, the newest, of
 * someone who gave them under both names.
 */
export function oneOfEach(
  { kysely }: Database,
  sessionId: string,
  { lid, pn }: { lid: string; pn: string },
): WriteStep[] {
  return (['reactions', 'answers'] as const).flatMap((table) => {
    const outdated = (jid: string, other: string) =>
      kysely
        .deleteFrom(table)
        .where('session_id', '=', sessionId)
        .where('sender_jid', '=', jid)
        .where(
          sql<boolean>`exists (select 1 from ${sql.table(table)} other
            where other.session_id = ${sessionId} and other.sender_jid = ${other}
              and other.message_id = ${sql.ref(`${table}.message_id`)}
              and other.at >= ${sql.ref(`${table}.at`)})`,
        );
    const rename = kysely
      .updateTable(table)
      .set({ sender_jid: pn })
      .where('session_id', '=', sessionId)
      .where('sender_jid', '=', lid);
    return [{ query: outdated(lid, pn) }, { query: outdated(pn, lid) }, { query: rename }];
  });
}
