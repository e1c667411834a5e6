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

/** Both names of a person. */
export interface Pair {
  lid: string;
  pn: string;
}

/**
 * Steps that keep one reaction and one answer (to a poll, an event) for each message, the newest, of
 * people who gave them under both names. The mapping of each must stand in the database before.
 */
export function oneOfEach(
  { kysely }: Database,
  sessionId: string,
  pairs: readonly Pair[],
): WriteStep[] {
  const names = { lid: pairs.map(({ lid }) => lid), pn: pairs.map(({ pn }) => pn) };
  return (['reactions', 'answers'] as const).flatMap((table) => {
    const sender = sql.ref(`${table}.sender_jid`);
    const outdated = (name: keyof Pair, other: keyof Pair) =>
      kysely
        .deleteFrom(table)
        .where('session_id', '=', sessionId)
        .where('sender_jid', 'in', names[name])
        .where(
          sql<boolean>`exists (select 1 from lid_mappings person
            join ${sql.table(table)} other on other.session_id = person.session_id
              and other.sender_jid = ${sql.ref(`person.${other}`)}
            where person.session_id = ${sessionId} and ${sql.ref(`person.${name}`)} = ${sender}
              and other.message_id = ${sql.ref(`${table}.message_id`)}
              and other.at >= ${sql.ref(`${table}.at`)})`,
        );
    const rename = kysely
      .updateTable(table)
      .set({
        sender_jid: sql<string>`(select pn from lid_mappings person
          where person.session_id = ${sessionId} and person.lid = ${sender})`,
      })
      .where('session_id', '=', sessionId)
      .where('sender_jid', 'in', names.lid);
    const queries = [outdated('lid', 'pn'), outdated('pn', 'lid'), rename];
    return queries.map((query) => ({ query }));
  });
}
