import { isLidJid, isPnJid, normalizeJid, userOf } from '../../whatsapp/jid.js';
import type { OutgoingMessage, SentMessage } from '../engine.js';
import { EngineError } from '../engine-error.js';
import {
  type AuthenticationState,
  generateWAMessage,
  toNumber,
  type WAMessage,
  type WASocket,
} from './baileys.js';
import { decodeMessage, encodeMessage } from './from-baileys/message.js';
import { contentToBaileys } from './to-baileys/content.js';

type Stored = (id: string) => Promise<Uint8Array | undefined>;

/**
 * Builds a message and hands it to the socket; resolves when it has been written.
 * @param stored looks up earlier messages: the quoted one, or the one that is reacted to or edited
 */
export async function sendMessage(
  sock: WASocket,
  auth: AuthenticationState,
  { id, chatJid, content, quoted }: OutgoingMessage,
  stored: Stored,
): Promise<SentMessage> {
  const jid = await recipient(sock, auth, chatJid);
  const target = 'targetId' in content ? await messageOf(content.targetId, stored) : undefined;
  const { content: built, attributes, nodes } = contentToBaileys(content, jid, target);
  const quotedId = 'quotedMessageId' in content ? content.quotedMessageId : undefined;
  const quotedMessage = quoted
    ? decodeMessage(quoted)
    : quotedId && (await messageOf(quotedId, stored));
  const message = await generateWAMessage(jid, built, {
    logger: sock.ws.config.logger,
    userJid: ownJid(auth, jid),
    messageId: id,
    upload: sock.waUploadToServer,
    ...(quotedMessage && { quoted: quotedMessage }),
  });
  if (!message.message) throw new EngineError('unsupported', 'The message is empty', true);
  await sock.relayMessage(jid, message.message, {
    messageId: id,
    additionalAttributes: attributes,
    additionalNodes: nodes,
  });
  return {
    timestamp: toNumber(message.messageTimestamp) * 1000,
    raw: encodeMessage(message),
  };
}

async function messageOf(id: string, stored: Stored): Promise<WAMessage | undefined> {
  const raw = await stored(id);
  return raw && decodeMessage(raw);
}

/** Ourselves under the kind of name that the chat uses. */
function ownJid(auth: AuthenticationState, chatJid: string): string {
  const { me } = auth.creds;
  return normalizeJid((isLidJid(chatJid) ? me?.lid : undefined) ?? me?.id ?? '');
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
