import { isLidJid, isNewsletterJid } from '../../../whatsapp/jid.js';
import {
  type BinaryNode,
  getHistoryMsg,
  jidNormalizedUser,
  NACK_REASONS,
  type WASocket,
} from '../baileys.js';
import type { ReadMessage } from './read-stanza.js';

/**
 * Tells WhatsApp that we have a message; it will not come again. Kinds of receipts as in rc14
 * (`lib/Socket/messages-recv.js`, handleMessage).
 * @param online whether we said that we are available; else the author sees two grey ticks at most
 */
export async function sendDeliveryReceipt(
  sock: WASocket,
  node: BinaryNode,
  { message, category, author }: ReadMessage,
  online: boolean,
): Promise<void> {
  const { key } = message;
  const { remoteJid: chat, id } = key;
  if (!chat || !id || isNewsletterJid(chat)) return sock.sendMessageAck(node);
  const isLid = isLidJid(chat) || (key.remoteJidAlt ? isLidJid(key.remoteJidAlt) : false);
  const participant = key.fromMe && category !== 'peer' && isLid ? author : key.participant;
  const type =
    category === 'peer' ? 'peer_msg' : key.fromMe ? 'sender' : online ? undefined : 'inactive';
  await sock.sendReceipt(chat, participant ?? undefined, [id], type);
  if (message.message && getHistoryMsg(message.message)) {
    await sock.sendReceipt(jidNormalizedUser(chat), undefined, [id], 'hist_sync');
  }
}

/** Takes a stanza off WhatsApp's hands that nobody here wants to read. */
export function sendRefusal(
  sock: WASocket,
  node: BinaryNode,
  reason: number = NACK_REASONS.UnhandledError,
): Promise<void> {
  return sock.sendMessageAck(node, reason);
}
