/**
 * WhatsApp's addresses: `<user>[_<agent>][:<device>]@<server>`. This is the only place that splits
 * them. A person has a phone number jid (PN, `…@s.whatsapp.net`) and, since 2025, an account id
 * that does not show the number (LID, `…@lid`); both name the same person.
 */
const PN_SERVER = 's.whatsapp.net';
const LID_SERVER = 'lid';
const STATUS_BROADCAST = 'status@broadcast';

export interface JidParts {
  user: string;
  server: string;
  /** 0 is the phone itself, others are linked devices; absent: the person. */
  device?: number;
}

/** undefined when it is no jid at all (no '@', no server). */
export function parseJid(jid: string): JidParts | undefined {
  const at = jid.indexOf('@');
  if (at < 0 || at === jid.length - 1) return undefined;
  const [userAndAgent = '', device] = jid.slice(0, at).split(':');
  const user = userAndAgent.split('_')[0] ?? '';
  const parts: JidParts = { user, server: jid.slice(at + 1) };
  if (device !== undefined && /^\d+$/.test(device)) parts.device = Number(device);
  return parts;
}

/** Servers that are another name for a person's PN or LID (numbers hosted by Meta, old web ids). */
const PERSON_SERVERS: Record<string, string> = {
  [PN_SERVER]: PN_SERVER,
  'c.us': PN_SERVER,
  hosted: PN_SERVER,
  [LID_SERVER]: LID_SERVER,
  'hosted.lid': LID_SERVER,
};

/** The chat, person or group behind a jid: no device part, one server per kind of address. */
export function normalizeJid(jid: string): string {
  const parts = parseJid(jid);
  const server = parts && PERSON_SERVERS[parts.server];
  return server ? `${parts.user}@${server}` : jid;
}

const serverOf = (jid: string) => parseJid(jid)?.server;

/** A person by phone number. */
export const isPnJid = (jid: string): boolean => PERSON_SERVERS[serverOf(jid) ?? ''] === PN_SERVER;
/** A person by account id. */
export const isLidJid = (jid: string): boolean =>
  PERSON_SERVERS[serverOf(jid) ?? ''] === LID_SERVER;
export const isGroupJid = (jid: string): boolean => serverOf(jid) === 'g.us';
export const isStatusJid = (jid: string): boolean => jid === STATUS_BROADCAST;
/** Status updates and broadcast lists. */
export const isBroadcastJid = (jid: string): boolean => serverOf(jid) === 'broadcast';
export const isNewsletterJid = (jid: string): boolean => serverOf(jid) === 'newsletter';

/** Whether both name the same account in the same form (a PN and its LID are not compared). */
export function isSameUser(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && normalizeJid(a) === normalizeJid(b);
}

/** @param phone digits, with or without a leading '+' and separators */
export function pnJidOf(phone: string): string {
  return `${phone.replace(/\D/g, '')}@${PN_SERVER}`;
}

/** The LID jid of an account id in digits. */
export function lidJidOf(user: string): string {
  return `${user}@${LID_SERVER}`;
}

/** The phone number in digits, where the jid is a PN. */
export function phoneOf(jid: string): string | undefined {
  return isPnJid(jid) ? parseJid(jid)?.user : undefined;
}

/** The part that names the person, group ... within its server. */
export function userOf(jid: string): string | undefined {
  return parseJid(jid)?.user;
}
