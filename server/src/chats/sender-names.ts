import type { Database } from '../db/database.js';

/** Names of people by jid, where one is known under either of their jids. */
export async function namesOf(
  { kysely }: Database,
  sessionId: string,
  jids: string[],
): Promise<Map<string, string>> {
  if (jids.length === 0) return new Map();
  const others = await kysely
    .selectFrom('lid_mappings')
    .select(['lid', 'pn'])
    .where('session_id', '=', sessionId)
    .where((e) => e.or([e('lid', 'in', jids), e('pn', 'in', jids)]))
    .execute();
  const all = new Set([...jids, ...others.flatMap(({ lid, pn }) => [lid, pn])]);
  const found = await kysely
    .selectFrom('contacts')
    .select(['jid', 'name', 'push_name'])
    .where('session_id', '=', sessionId)
    .where('jid', 'in', [...all])
    .execute();
  const named = new Map(found.map((row) => [row.jid, row.name ?? row.push_name ?? '']));
  for (const { lid, pn } of others) {
    const name = named.get(pn) || named.get(lid);
    if (name) named.set(pn, name).set(lid, name);
  }
  return named;
}
