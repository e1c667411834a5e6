import type { MentionNames, MessageContent } from '@patchbay/contract';
import type { Database } from '../db/database.js';
import { isPnJid, parseJid, phoneOf } from '../whatsapp/jid.js';

/** Whom a text names as `@<user part>`, by jid. */
export function mentionsIn(content: MessageContent): string[] {
  if (content.type === 'system') return content.people ?? [];
  return ('mentions' in content ? content.mentions : undefined) ?? [];
}

/** The same of a stored content; most name nobody and need not be read. */
export function storedMentions(content: string | null): string[] {
  const names = content !== null && /"(mentions|people)":/.test(content);
  return names ? mentionsIn(JSON.parse(content) as MessageContent) : [];
}

/** What is known of people, by their jids: both, PN and LID, where both are known. */
export interface Called {
  /** Who has a name. */
  names: ReadonlyMap<string, string>;
  /** What to call them: the name, our own account's for ourselves, else the number as `+51…`. */
  called: ReadonlyMap<string, string>;
  /** The other jid of a person. */
  others: ReadonlyMap<string, string>;
}

/**
 * Names of those who are mentioned, by the user part that stands in the text. Some programs write
 * the number of somebody whom they mention by LID, so a person is found by either.
 */
export function mentionNames(
  mentions: string[],
  { called, others }: Called,
): { mentionNames?: MentionNames } {
  if (mentions.length === 0) return {};
  const named = mentions.flatMap((jid) => {
    const other = others.get(jid);
    const name = called.get(jid) ?? null;
    return (other ? [jid, other] : [jid]).map((each) => [userOf(each), name] as const);
  });
  return { mentionNames: Object.fromEntries(named) };
}

/** What to call people; those of whom only the LID is known have no entry. */
export async function calledIn(
  { kysely }: Database,
  sessionId: string,
  jids: string[],
): Promise<Called> {
  if (jids.length === 0) return { names: new Map(), called: new Map(), others: new Map() };
  const pairs = await kysely
    .selectFrom('lid_mappings')
    .select(['lid', 'pn'])
    .where('session_id', '=', sessionId)
    .where((e) => e.or([e('lid', 'in', jids), e('pn', 'in', jids)]))
    .execute();
  const others = new Map(pairs.flatMap(({ lid, pn }) => [[lid, pn] as const, [pn, lid] as const]));
  const [contacts, own] = await Promise.all([
    kysely
      .selectFrom('contacts')
      .select(['jid', 'name', 'push_name'])
      .where('session_id', '=', sessionId)
      .where('jid', 'in', [...new Set([...jids, ...others.keys()])])
      .execute(),
    kysely
      .selectFrom('sessions')
      .select(['jid', 'lid', 'display_name', 'label'])
      .where('id', '=', sessionId)
      .executeTakeFirst(),
  ]);
  const known = new Map(contacts.map((row) => [row.jid, row.name ?? row.push_name]));
  const names = new Map<string, string>();
  const called = new Map<string, string>();
  for (const jid of new Set([...jids, ...others.keys()])) {
    const other = others.get(jid);
    const [pn, lid] = isPnJid(jid) ? [jid, other] : [other, jid];
    const name = known.get(pn ?? '') || known.get(lid ?? '');
    if (name) names.set(jid, name);
    const isOwn = own && ((own.jid && pn === own.jid) || (own.lid && lid === own.lid));
    const phone = pn && phoneOf(pn);
    const call = name || (isOwn && (own.display_name ?? own.label)) || (phone && `+${phone}`);
    if (call) called.set(jid, call);
  }
  return { names, called, others };
}

function userOf(jid: string): string {
  return parseJid(jid)?.user ?? jid;
}
