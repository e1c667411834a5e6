import {
  isBroadcastJid,
  isGroupJid,
  isSameUser,
  isStatusJid,
  normalizeJid,
} from '../../../whatsapp/jid.js';
import type { EngineMessage, ReceiptStatus } from '../../engine-events.js';
import { proto, toNumber, type WAMessage } from '../baileys.js';
import { contentFromBaileys } from './content.js';
import { contentFromStub } from './stub.js';

/** The own account: PN and, once known, LID, both without device. */
export interface Me {
  jid: string;
  lid?: string;
}

/** Finds the other name (PN or LID) of a person, as far as it is known here. */
export type AliasOf = (jid: string) => Promise<string | undefined>;

/**
 * A message as sessions know it, or undefined for traffic between devices that nobody reads.
 */
export async function messageFromBaileys(
  message: WAMessage,
  me: Me,
  aliasOf: AliasOf,
): Promise<EngineMessage | undefined> {
  const { key } = message;
  if (!key.id || !key.remoteJid) return undefined;
  const content =
    contentFromStub(message) ?? (message.message && contentFromBaileys(message.message));
  if (!content) return undefined;
  const fromMe = key.fromMe ?? false;
  const chat = await chatOf(message, me, aliasOf);
  const sender = fromMe ? { jid: me.jid, altJid: me.lid } : await senderOf(message, chat, aliasOf);
  const status = fromMe ? receiptStatus(message.status) : undefined;
  return {
    id: key.id,
    chatJid: chat.jid,
    ...(chat.altJid && { chatAltJid: chat.altJid }),
    fromMe,
    senderJid: sender.jid,
    ...(sender.altJid && { senderAltJid: sender.altJid }),
    ...(message.pushName && { pushName: message.pushName }),
    timestamp: toNumber(message.messageTimestamp) * 1000,
    content,
    ...(status && { status }),
    raw: encodeMessage(message),
  };
}

/** How far an own message has come; PENDING and ERROR say nothing about it. */
export function receiptStatus(
  status: proto.WebMessageInfo.Status | null | undefined,
): ReceiptStatus | undefined {
  const { SERVER_ACK, DELIVERY_ACK, READ, PLAYED } = proto.WebMessageInfo.Status;
  switch (status) {
    case SERVER_ACK:
      return 'sent';
    case DELIVERY_ACK:
      return 'delivered';
    case READ:
      return 'read';
    case PLAYED:
      return 'played';
    default:
      return undefined;
  }
}

/** The engine's own encoding of messages (`EngineMessage.raw`): a WebMessageInfo. */
export function encodeMessage(message: WAMessage): Uint8Array {
  return proto.WebMessageInfo.encode(proto.WebMessageInfo.fromObject(message)).finish();
}

/** @throws when the bytes are not a message */
export function decodeMessage(raw: Uint8Array): WAMessage {
  const message = proto.WebMessageInfo.decode(raw);
  if (!message.key) throw new Error('Stored message has no key');
  return message as WAMessage;
}

interface Named {
  jid: string;
  altJid?: string;
}

async function chatOf({ key }: WAMessage, me: Me, aliasOf: AliasOf): Promise<Named> {
  const remote = normalizeJid(key.remoteJid ?? '');
  // A message of a broadcast list belongs to the chat with its author.
  if (isBroadcastJid(remote) && !isStatusJid(remote) && !key.fromMe && key.participant) {
    return named(key.participant, key.participantAlt, aliasOf);
  }
  if (isGroupJid(remote) || isBroadcastJid(remote)) return { jid: remote };
  // In what the own phone sent, rc14 names ourselves here (decode-wa-message.js, senderAlt).
  const alt = key.remoteJidAlt;
  const aboutMe = alt && (isSameUser(alt, me.jid) || isSameUser(alt, me.lid));
  const isSelfChat = isSameUser(remote, me.jid) || isSameUser(remote, me.lid);
  return named(remote, aboutMe && !isSelfChat ? undefined : alt, aliasOf);
}

async function senderOf({ key, participant }: WAMessage, chat: Named, aliasOf: AliasOf) {
  const author = key.participant || participant;
  return author ? named(author, key.participantAlt, aliasOf) : chat;
}

async function named(
  jid: string,
  alt: string | null | undefined,
  aliasOf: AliasOf,
): Promise<Named> {
  const normal = normalizeJid(jid);
  const altJid = alt ? normalizeJid(alt) : await aliasOf(normal);
  return altJid && altJid !== normal ? { jid: normal, altJid } : { jid: normal };
}
