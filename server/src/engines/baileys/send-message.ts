import { createHmac } from 'node:crypto';
import { isMedia, type MessageContent } from '@patchbay/contract';
import {
  isGroupJid,
  isLidJid,
  isPnJid,
  isStatusJid,
  normalizeJid,
  userOf,
} from '../../whatsapp/jid.js';
import type { EngineHost, OutgoingFile, OutgoingMessage, PreparedMessage } from '../engine.js';
import { EngineError } from '../engine-error.js';
import {
  type AuthenticationState,
  generateWAMessageFromContent,
  getContentType,
  normalizeMessageContent,
  type proto,
  toNumber,
  type WAMessage,
  type WASocket,
} from './baileys.js';
import { decodeMessage, encodeMessage, type Me } from './from-baileys/message.js';
import {
  type BaileysOutgoing,
  contentToBaileys,
  type OutgoingContext,
} from './to-baileys/content.js';
import { mediaToBaileys } from './to-baileys/media-content.js';

/** Answers of which nobody can answer or report (`lib/Utils/reporting-utils.js`). */
const WITHOUT_SECRET = [
  'reactionMessage',
  'encReactionMessage',
  'pollUpdateMessage',
  'encEventResponseMessage',
] as const satisfies (keyof proto.IMessage)[];

type Stored = (id: string) => Promise<Uint8Array | undefined>;

/** Groups whose members were told our sender key once more, by connection. */
const toldAgain = new WeakMap<WASocket, Set<string>>();

/**
 * Builds a message; its `send` hands it to the socket, and resolves when it has been written.
 * @param stored looks up earlier messages: the quoted one, or the one that is reacted to or edited
 * @param files opens the file that the message carries
 */
export async function prepareMessage(
  sock: WASocket,
  auth: AuthenticationState,
  { id, chatJid, content, quoted, again }: OutgoingMessage,
  stored: Stored,
  files: EngineHost['outgoingFile'],
): Promise<PreparedMessage> {
  const jid = await recipient(sock, auth, chatJid);
  const target = await messageOf(targetOf(content), stored);
  const me = ownNames(auth);
  const built = await outgoing(sock, content, { chatJid: jid, me, target }, () => files(id));
  const quotedId = 'quotedMessageId' in content ? content.quotedMessageId : undefined;
  const quotedMessage = quoted ? decodeMessage(quoted) : await messageOf(quotedId, stored);
  const message = generateWAMessageFromContent(jid, withSecret(built.message, auth, id), {
    userJid: isLidJid(jid) ? (me.lid ?? me.jid) : me.jid,
    messageId: id,
    ...(quotedMessage && canBeQuoted(quotedMessage) && { quoted: quotedMessage }),
  });
  const said = message.message;
  if (!said) throw new EngineError('unsupported', 'The message is empty', true);
  return {
    timestamp: toNumber(message.messageTimestamp) * 1000,
    raw: encodeMessage(message),
    send: async () => {
      if (again) await tellSenderKeyAgain(sock, auth, jid);
      await sock.relayMessage(jid, said, {
        messageId: id,
        additionalAttributes: built.attributes,
        additionalNodes: built.nodes,
        ...(isStatusJid(jid) && { statusJidList: statusAudience(content, me) }),
      });
    },
  };
}

/** What to send; a file goes up first. */
async function outgoing(
  sock: WASocket,
  content: MessageContent,
  context: OutgoingContext,
  file: () => Promise<OutgoingFile | undefined>,
): Promise<BaileysOutgoing> {
  if (!isMedia(content) || content.forwardOf) return contentToBaileys(content, context);
  const found = await file();
  if (!found) throw new EngineError('unsupported', 'The file of the message is gone', true);
  const message = await mediaToBaileys(sock, content, found);
  return { message, attributes: {}, nodes: [] };
}

/**
 * rc14 notes that the members of a group have our sender key when the stanza that carries it has been
 * written (`lib/Socket/messages-send.js`, relayMessage). When that was lost with its connection, nobody
 * could read what follows without asking for it again, and what is sent again comes late, out of order.
 * So the first message that is sent again through a connection carries the key once more.
 */
async function tellSenderKeyAgain(
  sock: WASocket,
  { keys }: AuthenticationState,
  jid: string,
): Promise<void> {
  if (!isGroupJid(jid) && !isStatusJid(jid)) return;
  const told = toldAgain.get(sock) ?? new Set();
  if (told.has(jid)) return;
  await keys.set({ 'sender-key-memory': { [jid]: null } });
  toldAgain.set(sock, told.add(jid));
}

async function messageOf(id: string | undefined, stored: Stored): Promise<WAMessage | undefined> {
  const raw = id ? await stored(id) : undefined;
  return raw && decodeMessage(raw);
}

/** The stored message that a content needs: the one it acts on, or passes on. */
function targetOf(content: MessageContent): string | undefined {
  if ('targetId' in content) return content.targetId;
  return 'forwardOf' in content ? content.forwardOf : undefined;
}

function canBeQuoted({ message }: WAMessage): boolean {
  return getContentType(normalizeMessageContent(message) ?? undefined) !== undefined;
}

function ownNames(auth: AuthenticationState): Me {
  const { me } = auth.creds;
  return { jid: normalizeJid(me?.id ?? ''), ...(me?.lid && { lid: normalizeJid(me.lid) }) };
}

/** Those who may see a status post; the own phone is always one of them. */
function statusAudience(content: MessageContent, { jid }: Me): string[] {
  const audience = 'audience' in content ? content.audience : undefined;
  return [...new Set([jid, ...(audience ?? [])])];
}

/**
 * The key under which others answer to a message (votes, responses, reports). It depends on the id
 * only, so that a message sent again after a crash can still be answered by who has the first copy.
 */
function withSecret(
  message: proto.IMessage,
  { creds }: AuthenticationState,
  id: string,
): proto.IMessage {
  if (WITHOUT_SECRET.some((field) => message[field])) return message;
  const key = creds.signedIdentityKey.private;
  const messageSecret = createHmac('sha256', key).update(`message secret ${id}`).digest();
  return {
    ...message,
    messageContextInfo: { ...message.messageContextInfo, messageSecret },
  };
}

/**
 * rc14 fetches keys by LID only and leaves out a number whose LID it does not know
 * (`lib/Socket/messages-send.js`, assertSessions), so an unknown number is asked for first. WhatsApp
 * may know it under another number (as in Brazil, with or without a nine): that one is used.
 */
async function recipient(
  sock: WASocket,
  auth: AuthenticationState,
  chatJid: string,
): Promise<string> {
  const user = userOf(chatJid);
  if (!user || !isPnJid(chatJid)) return chatJid;
  if ((await auth.keys.get('lid-mapping', [user]))[user]) return chatJid;
  const [found] = (await sock.onWhatsApp(chatJid)) ?? [];
  if (!found?.exists) {
    throw new EngineError('not-on-whatsapp', 'The number is not on WhatsApp', true);
  }
  return normalizeJid(found.jid);
}
