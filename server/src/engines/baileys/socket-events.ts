import { isGroupJid, lidJidOf, normalizeJid, parseJid, pnJidOf } from '../../whatsapp/jid.js';
import type { EngineContact, EngineEvent, EngineMessage } from '../engine-events.js';
import type { AuthenticationCreds, BaileysEventMap, Contact, WAMessage } from './baileys.js';
import { chatSettingsEvents } from './from-baileys/chat-settings.js';
import { unwrap } from './from-baileys/envelopes.js';
import { groupEvents } from './from-baileys/groups.js';
import { type AliasOf, type Me, messageFromBaileys } from './from-baileys/message.js';
import { presenceFromBaileys } from './from-baileys/presence.js';
import type { StoredMessage } from './from-baileys/secret-content.js';
import type { GroupCache } from './group-cache.js';
import { contactsFromBaileys } from './history/history-events.js';
import type { RingingCalls } from './ringing-calls.js';

/** What the translation of events needs to know of its connection. */
export interface ConnectionView {
  /** Whether we said that we are available. */
  online: boolean;
  /** Whether a message that Baileys tells of has been stored already, when it came. */
  isStored(message: WAMessage): boolean;
  me(): Me | undefined;
  aliasOf: AliasOf;
  /** Earlier messages, whose secrets open the votes and answers to them. */
  stored: StoredMessage;
  groups: GroupCache;
  /** `chat sender` pairs that are typing now. */
  typing: Set<string>;
  /** Names that contacts gave themselves, as told before. */
  pushNames: Map<string, string>;
  ringing: RingingCalls;
}

const MAX_PUSH_NAMES = 5_000;

/**
 * Our events for Baileys' consolidated ones, in the order in which they must be stored: messages before
 * receipts. Connection and credentials are the engine's business, history that of `history/`.
 */
export async function eventsFromBaileys(
  map: Partial<BaileysEventMap>,
  view: ConnectionView,
): Promise<EngineEvent[]> {
  const me = view.me();
  const events: EngineEvent[] = [];
  if (map['lid-mapping.update']) events.push(lidMapping([map['lid-mapping.update']]));
  const contacts = [...(map['contacts.upsert'] ?? []), ...(map['contacts.update'] ?? [])];
  const news = contactsFromBaileys(contacts).filter((contact) => isNews(contact, view.pushNames));
  if (news.length) events.push({ type: 'contacts', contacts: news });
  events.push(...groupEvents(map, me), ...picturesOf(contacts));
  events.push(...(await chatSettingsEvents(map, view.aliasOf)));
  const upsert = map['messages.upsert'];
  if (upsert) events.push(...(await messageEvents(upsert, view)));
  const presence = map['presence.update'];
  if (presence) events.push(...presenceFromBaileys(presence, view.typing));
  return events;
}

/** rc14 tells of a new picture as a change of the contact, also for groups. */
function picturesOf(contacts: Partial<Contact>[]): EngineEvent[] {
  return contacts.flatMap(({ id, imgUrl }): EngineEvent[] => {
    if (!id || (imgUrl !== 'changed' && imgUrl !== 'removed')) return [];
    return [{ type: 'picture', jid: normalizeJid(id), removed: imgUrl === 'removed' }];
  });
}

/** rc14 tells the name of its author with every message (`lib/Socket/chats.js`, upsertMessage). */
function isNews(
  { jid, altJid, name, pushName }: EngineContact,
  told: Map<string, string>,
): boolean {
  if (altJid || name || !pushName) return true;
  if (told.get(jid) === pushName) return false;
  if (told.size >= MAX_PUSH_NAMES) told.clear();
  told.set(jid, pushName);
  return true;
}

/** PN and LID users (digits), or jids, of the same persons. */
export function lidMapping(mappings: { pn: string; lid: string }[]): EngineEvent {
  const jid = (name: string, make: (user: string) => string) =>
    parseJid(name) ? normalizeJid(name) : make(name);
  return {
    type: 'lid-mapping',
    mappings: mappings.map(({ pn, lid }) => ({ pn: jid(pn, pnJidOf), lid: jid(lid, lidJidOf) })),
  };
}

async function messageEvents(
  { messages, type }: BaileysEventMap['messages.upsert'],
  view: ConnectionView,
): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  for (const message of messages) {
    if (view.isStored(message)) continue;
    const event = await messageEvent(message, type, view);
    if (event) events.push(event);
  }
  return events;
}

/** @param type as of `messages.upsert`: `append` for what waited for us at WhatsApp */
export async function messageEvent(
  raw: WAMessage,
  type: 'append' | 'notify',
  view: ConnectionView,
): Promise<EngineEvent | undefined> {
  const me = view.me();
  if (!me || raw.category === 'peer') return undefined;
  const message = await messageFromBaileys(raw, me, view.aliasOf, view.stored);
  if (!message) return undefined;
  await markAdminRevoke(message, raw, view.groups);
  const source = message.fromMe && !raw.messageStubType ? 'phone' : sourceOf(raw, type);
  return { type: 'message', source, message };
}

/** Only admins delete what others wrote; the message names its author, so that is looked up. */
async function markAdminRevoke(
  { content, chatJid, senderJid, senderAltJid, fromMe }: EngineMessage,
  { message }: WAMessage,
  groups: GroupCache,
): Promise<void> {
  if (content.type !== 'revoke' || !isGroupJid(chatJid)) return;
  const author = unwrap(message ?? {}).protocolMessage?.key?.participant;
  const senders = [senderJid, senderAltJid];
  if (!author || senders.includes(normalizeJid(author))) return;
  const group = fromMe ? undefined : await groups.get(chatJid).catch(() => undefined);
  const isAdmin = group?.participants.some(
    ({ id, phoneNumber, lid, admin }) =>
      admin && [id, phoneNumber, lid].some((jid) => jid && senders.includes(normalizeJid(jid))),
  );
  if (fromMe || isAdmin) content.byAdmin = true;
}

/** rc14 marks with `append` what waited for us, and notices, which come when they happen. */
function sourceOf(message: WAMessage, type: string): 'live' | 'offline' {
  const isNotice = Boolean(message.messageStubType) && !message.message;
  return type === 'notify' || isNotice ? 'live' : 'offline';
}

export function pairSuccess(creds: AuthenticationCreds): EngineEvent {
  const { platform } = creds;
  return { type: 'pair-success', ...identity(creds), ...(platform && { platform }) };
}

export function connected(creds: AuthenticationCreds): EngineEvent {
  return { type: 'connected', ...identity(creds) };
}

function identity({ me }: AuthenticationCreds) {
  return {
    jid: normalizeJid(me?.id ?? ''),
    ...(me?.lid && { lid: normalizeJid(me.lid) }),
    // rc14 calls a number that asked for a pairing code '~'.
    ...(me?.name && me.name !== '~' && { name: me.name }),
  };
}
