import type { BotIncoming, MessageContent } from '@patchbay/contract';
import { normalizeJid, parseJid, pnJidOf } from '../../whatsapp/jid.js';
import type { EngineMessage } from '../engine-events.js';

/**
 * What a session process told of a message, as engines tell it.
 * @param own the jid of the session's number; asked for what it wrote itself
 */
export async function messageOf(
  told: BotIncoming,
  own: () => Promise<string>,
): Promise<EngineMessage> {
  const from = jidOf(told.from);
  const fromMe = told.fromMe === true;
  return {
    id: told.messageId,
    chatJid: told.chatId ? jidOf(told.chatId) : from,
    fromMe,
    senderJid: fromMe ? await own() : from,
    ...(told.name && { pushName: told.name }),
    timestamp:
      typeof told.timestamp === 'number' ? told.timestamp * 1000 : Date.parse(told.timestamp),
    content: contentOf(told),
    raw: Buffer.from(JSON.stringify(told)),
  };
}

/** Words are a text whatever they stand beside: there is no way to the file itself. */
function contentOf({ message, type }: BotIncoming): MessageContent {
  if (message !== '') return { type: 'text', text: message };
  return { type: 'other', kind: type || 'unknown' };
}

function jidOf(address: string): string {
  return parseJid(address) ? normalizeJid(address) : pnJidOf(address);
}
