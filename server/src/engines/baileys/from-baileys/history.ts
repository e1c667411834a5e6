import { isGroupJid, isLidJid, isPnJid, normalizeJid } from '../../../whatsapp/jid.js';
import type {
  EngineContact,
  EngineEvent,
  EngineEventOf,
  EngineMessage,
} from '../../engine-events.js';
import type { BaileysEventMap, Chat, Contact } from '../baileys.js';
import { type AliasOf, type Me, messageFromBaileys } from './message.js';
import type { StoredMessage } from './secret-content.js';

/** Messages of one event: small enough that storing it does not hold up the other sessions. */
const MESSAGES_PER_EVENT = 250;

type HistoryChat = EngineEventOf<'history-sync'>['chats'][number];

/**
 * The history that the phone sends after linking, oldest first, in portions; chats and contacts come with the
 * first one. Messages that cannot be read here are left out.
 */
export async function historyFromBaileys(
  set: BaileysEventMap['messaging-history.set'],
  me: Me,
  aliasOf: AliasOf,
  stored: StoredMessage,
): Promise<EngineEvent[]> {
  const messages: EngineMessage[] = [];
  const aliases = new Map<string, Promise<string | undefined>>();
  const aliasOnce: AliasOf = (jid) => {
    const asked = aliases.get(jid) ?? aliasOf(jid);
    aliases.set(jid, asked);
    return asked;
  };
  // The phone sends each chat newest first.
  for (const raw of set.messages.toReversed()) {
    const message = await messageFromBaileys(raw, me, aliasOnce, stored);
    if (message && message.content.type !== 'undecryptable') messages.push(message);
  }
  messages.sort((a, b) => a.timestamp - b.timestamp);
  const progress = set.progress ?? undefined;
  const events: EngineEventOf<'history-sync'>[] = [];
  for (let from = 0; from === 0 || from < messages.length; from += MESSAGES_PER_EVENT) {
    events.push({
      type: 'history-sync',
      messages: messages.slice(from, from + MESSAGES_PER_EVENT),
      contacts: from === 0 ? contactsFromBaileys(set.contacts) : [],
      chats: from === 0 ? set.chats.flatMap(chatFromBaileys) : [],
      ...(progress !== undefined && { progress }),
      done: false,
    });
  }
  const last = events.at(-1);
  if (last) last.done = progress === 100;
  return events;
}

/** Contacts with at least one name, or with both jids; anything else tells nothing. */
export function contactsFromBaileys(contacts: Partial<Contact>[]): EngineContact[] {
  return contacts.flatMap((contact) => {
    if (!contact.id || !(isPnJid(contact.id) || isLidJid(contact.id))) return [];
    const jid = normalizeJid(contact.id);
    const other = isLidJid(jid) ? contact.phoneNumber : contact.lid;
    const altJid = other && normalizeJid(other) !== jid ? normalizeJid(other) : undefined;
    const pushName = contact.notify ?? contact.verifiedName;
    if (!altJid && !contact.name && !pushName) return [];
    return [
      {
        jid,
        ...(altJid && { altJid }),
        ...(contact.name && { name: contact.name }),
        ...(pushName && { pushName }),
      },
    ];
  });
}

function chatFromBaileys(chat: Chat): HistoryChat[] {
  if (!chat.id) return [];
  const jid = normalizeJid(chat.id);
  const other = isGroupJid(jid) ? undefined : isLidJid(jid) ? chat.pnJid : chat.lidJid;
  const name = chat.name ?? chat.displayName;
  const unread = chat.unreadCount ?? undefined;
  return [
    {
      jid,
      ...(other && { altJid: normalizeJid(other) }),
      ...(name && { name }),
      ...(unread !== undefined && unread >= 0 && { unreadCount: unread }),
    },
  ];
}
