import type { MessageContent } from '@patchbay/contract';
import {
  isBroadcastJid,
  isGroupJid,
  isSameUser,
  isStatusJid,
  normalizeJid,
} from '../../../whatsapp/jid.js';
import type { EngineMessage, ReceiptStatus } from '../../engine-events.js';
import { proto, toNumber, type WAMessage } from '../baileys.js';
import { varint, wireBytes } from '../wire-bytes.js';
import { contentFromBaileys } from './content.js';
import { thumbnailOf } from './media-content.js';
import { type StoredMessage, secretContent } from './secret-content.js';
import { contentFromStub } from './stub.js';

/** The own account: PN and, once known, LID, both without device. */
export interface Me {
  jid: string;
  lid?: string;
}

/** Finds the other name (PN or LID) of a person, as far as it is known here. */
export type AliasOf = (jid: string) => Promise<string | undefined>;

/** What is known of a message beside what it says. */
export interface Given {
  /** Its encoding (`encodeMessage`), where it came in that. */
  raw?: Uint8Array;
  /** What it says, where that does not stand in it. */
  content?: MessageContent;
}

/**
 * A message as sessions know it, or undefined for traffic between devices that nobody reads.
 */
export async function messageFromBaileys(
  message: WAMessage,
  me: Me,
  aliasOf: AliasOf,
  stored: StoredMessage = async () => undefined,
  given: Given = {},
): Promise<EngineMessage | undefined> {
  const { key } = message;
  if (!key.id || !key.remoteJid) return undefined;
  const content =
    given.content ??
    contentFromStub(message) ??
    (await secretContent(message, stored, (each) => authorNames(each, me, aliasOf))) ??
    (message.message ? contentFromBaileys(message.message) : withheld(message));
  if (!content) return undefined;
  const fromMe = key.fromMe ?? false;
  const chat = await chatOf(message, me, aliasOf);
  const sender = fromMe ? { jid: me.jid, altJid: me.lid } : await senderOf(message, chat, aliasOf);
  const status = fromMe ? receiptStatus(message.status) : undefined;
  const thumbnail = message.message && thumbnailOf(message.message);
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
    ...(thumbnail && { thumbnail }),
    raw:
      given.raw ?? (content.type === 'other' ? encodeAsReceived(message) : encodeMessage(message)),
  };
}

/** WhatsApp tells linked devices only that there is a message that may be opened once. */
function withheld({ key }: WAMessage): MessageContent | undefined {
  const { isViewOnce } = key as { isViewOnce?: boolean };
  return isViewOnce ? { type: 'other', kind: 'viewOnce', viewOnce: true } : undefined;
}

/** Every jid by which the author of a message may be known, the one it was sent under first. */
async function authorNames(message: WAMessage, me: Me, aliasOf: AliasOf): Promise<string[]> {
  if (message.key.fromMe) return me.lid ? [me.jid, me.lid] : [me.jid];
  const sender = await senderOf(message, await chatOf(message, me, aliasOf), aliasOf);
  return sender.altJid ? [sender.jid, sender.altJid] : [sender.jid];
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

/** Field 2 of WebMessageInfo, `message`, length-delimited. */
const MESSAGE_FIELD = 0x12;

/** As `encodeMessage`, with the message itself byte for byte as it came over the wire. */
function encodeAsReceived(message: WAMessage): Uint8Array {
  const bytes = message.message && wireBytes(message.message);
  if (!bytes) return encodeMessage(message);
  const around = encodeMessage({ ...message, message: undefined });
  return Buffer.concat([around, Uint8Array.of(MESSAGE_FIELD), varint(bytes.length), bytes]);
}

/** An earlier message of the session. */
export async function decodedFrom(
  host: { sentMessage(id: string): Promise<Uint8Array | undefined> },
  id: string,
): Promise<WAMessage | undefined> {
  const raw = await host.sentMessage(id);
  return raw && decodeMessage(raw);
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
