import { isGroupJid, isLidJid, isPnJid, normalizeJid } from '../../../whatsapp/jid.js';
import type { EngineContact, EngineEventOf, EngineMessage } from '../../engine-events.js';
import { type Chat, type Contact, processHistoryMessage, proto, toNumber } from '../baileys.js';
import type { AliasOf, Me } from '../from-baileys/message.js';
import type { StoredMessage } from '../from-baileys/secret-content.js';
import { readHistoryFile } from './history-file.js';
import { messagesFromHistory } from './history-messages.js';

/** Messages of one event: small enough that storing it does not hold up the other sessions. */
const MESSAGES_PER_EVENT = 40;
/** Messages of a chat in which the number of its person is looked for. */
const LOOKED_AT = 20;

type HistoryEvent = EngineEventOf<'history-sync'>;
type HistoryChat = HistoryEvent['chats'][number];

/** Whose history it is, and what is known already. */
export interface HistoryReader {
  me: Me;
  aliasOf: AliasOf;
  stored: StoredMessage;
}

/**
 * What a file of the history says of chats and people: everything but the messages.
 * @throws EngineError `damaged`
 */
export async function overviewOf(file: Uint8Array): Promise<proto.HistorySync> {
  const conversations: proto.Conversation[] = [];
  for await (const part of readHistoryFile(file, LOOKED_AT)) {
    if ('rest' in part) return proto.HistorySync.create({ ...part.rest, conversations });
    const { about, messages } = part;
    if (isLidJid(about.id) && !about.pnJid) about.pnJid = numberIn(messages) ?? null;
    conversations.push(about);
  }
  return proto.HistorySync.create({ conversations });
}

/** The receipt of a message that we sent names its reader by number (as rc14 `lib/Utils/history.js`). */
function numberIn(messages: Uint8Array[]): string | undefined {
  for (const encoded of messages) {
    const { key, userReceipt } = proto.WebMessageInfo.decode(encoded);
    const [receipt] = key?.fromMe ? (userReceipt ?? []) : [];
    if (receipt?.userJid && isPnJid(receipt.userJid)) return receipt.userJid;
  }
  return undefined;
}

/**
 * The history in a file, in portions, each chat oldest first; chats and contacts come with the first
 * one. Messages that cannot be read here are left out.
 * @throws EngineError `damaged`
 */
export async function* historyEvents(
  file: Uint8Array,
  overview: proto.HistorySync,
  notice: proto.Message.IHistorySyncNotification,
  reader: HistoryReader,
): AsyncGenerator<HistoryEvent> {
  const { chats, contacts } = processHistoryMessage(overview);
  const { progress, peerDataRequestSessionId: requestId } = notice;
  const { INITIAL_BOOTSTRAP, ON_DEMAND } = proto.HistorySync.HistorySyncType;
  const onDemand = notice.syncType === ON_DEMAND;
  const event = (messages: EngineMessage[]): HistoryEvent => ({
    type: 'history-sync',
    messages,
    contacts: contactsFromBaileys(contacts.splice(0)),
    chats: chats.splice(0).flatMap((chat) => chatFromHistory(chat, onDemand)),
    ...(progress != null && { progress }),
    ...(requestId && { requestId }),
    atLink: notice.syncType === INITIAL_BOOTSTRAP,
    done: false,
  });
  let portion: EngineMessage[] = [];
  for await (const message of messagesIn(file, reader)) {
    if (portion.length >= MESSAGES_PER_EVENT) {
      yield event(portion);
      portion = [];
    }
    portion.push(message);
  }
  yield { ...event(portion), done: onDemand || progress === 100 };
}

async function* messagesIn(
  file: Uint8Array,
  { me, aliasOf, stored }: HistoryReader,
): AsyncGenerator<EngineMessage> {
  const aliases = new Map<string, Promise<string | undefined>>();
  const aliasOnce: AliasOf = (jid) => {
    const asked = aliases.get(jid) ?? aliasOf(jid);
    aliases.set(jid, asked);
    return asked;
  };
  for await (const part of readHistoryFile(file)) {
    if ('rest' in part) continue;
    const reader = { me, aliasOf: aliasOnce, stored };
    // The phone sends each chat newest first; what acts on a message comes after it.
    yield* messagesFromHistory(part.messages.reverse(), reader);
  }
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

function chatFromHistory(chat: Chat, onDemand: boolean): HistoryChat[] {
  if (!chat.id) return [];
  const jid = normalizeJid(chat.id);
  const other = isGroupJid(jid) ? undefined : isLidJid(jid) ? chat.pnJid : chat.lidJid;
  const name = chat.name ?? chat.displayName;
  return [
    {
      jid,
      ...(other && { altJid: normalizeJid(other) }),
      ...(name && { name }),
      // An answer to a request is about messages; the chat is as it was told last.
      ...(!onDemand && { settings: settingsOf(chat) }),
    },
  ];
}

/** What the phone says of the chat itself; what it does not say is left as it is. */
function settingsOf(chat: Chat): NonNullable<HistoryChat['settings']> {
  const says = (field: keyof Chat) => Object.hasOwn(chat, field);
  const muted = toNumber(chat.muteEndTime ?? 0);
  const pinned = chat.pinned ?? 0;
  return {
    ...(says('unreadCount') && { unreadCount: Math.max(0, chat.unreadCount ?? 0) }),
    ...(says('markedAsUnread') && { markedUnread: chat.markedAsUnread ?? false }),
    ...(says('archived') && { archived: chat.archived ?? false }),
    ...(says('pinned') && { pinnedAt: pinned > 0 ? milliseconds(pinned) : null }),
    // Phones write "for ever" as -1, which without a sign is the largest number of 64 bits.
    ...(says('muteEndTime') && {
      mutedUntil: muted === 0 ? null : muted < 0 || muted > FAR ? -1 : milliseconds(muted),
    }),
    ...(says('ephemeralExpiration') && { disappearingSeconds: chat.ephemeralExpiration ?? 0 }),
  };
}

/** Milliseconds that no clock shows. */
const FAR = 8.64e15;

/** Phones write moments in seconds or in milliseconds. */
function milliseconds(moment: number): number {
  return moment < 1e11 ? moment * 1000 : moment;
}
