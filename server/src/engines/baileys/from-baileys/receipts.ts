import { normalizeJid } from '../../../whatsapp/jid.js';
import type { EngineEvent } from '../../engine-events.js';
import { type BaileysEventMap, type BinaryNode, toNumber } from '../baileys.js';
import { receiptStatus } from './message.js';

/**
 * Receipts of 1:1 chats (`messages.update` with a status). Those about messages of others are our
 * phone's reading, not somebody's receipt.
 */
export function receiptsFromUpdates(updates: BaileysEventMap['messages.update']): EngineEvent[] {
  return updates.flatMap(({ key, update }): EngineEvent[] => {
    const status = receiptStatus(update.status);
    if (!status || !key.fromMe || !key.id || !key.remoteJid) return [];
    return [
      {
        type: 'receipt',
        messageIds: [key.id],
        chatJid: normalizeJid(key.remoteJid),
        status,
        timestamp: milliseconds(toNumber(update.messageTimestamp)),
      },
    ];
  });
}

/** Receipts of group members (`message-receipt.update`). */
export function receiptsFromMembers(
  updates: BaileysEventMap['message-receipt.update'],
): EngineEvent[] {
  return updates.flatMap(({ key, receipt }): EngineEvent[] => {
    if (!key.fromMe || !key.id || !key.remoteJid || !receipt.userJid) return [];
    const read = receipt.readTimestamp;
    return [
      {
        type: 'receipt',
        messageIds: [key.id],
        chatJid: normalizeJid(key.remoteJid),
        participantJid: normalizeJid(receipt.userJid),
        status: read ? 'read' : 'delivered',
        timestamp: milliseconds(toNumber(read ?? receipt.receiptTimestamp)),
      },
    ];
  });
}

/**
 * WhatsApp's answer to a message that we sent, `<ack class=message id from t [error]/>`. rc14 emits
 * nothing for a good one (`lib/Socket/messages-recv.js`, handleBadAck), so it is read off the wire.
 */
export function eventFromAck({ attrs }: BinaryNode): EngineEvent | undefined {
  const { id, from, t, error } = attrs;
  if (!id || !from) return undefined;
  if (error) {
    const code = Number(error);
    return { type: 'send-refused', messageId: id, code, detail: refusalDetail(code) };
  }
  return {
    type: 'receipt',
    messageIds: [id],
    chatJid: normalizeJid(from),
    status: 'sent',
    timestamp: milliseconds(Number(t)),
  };
}

/** Source of the meanings: rc14 `lib/Utils/decode-wa-message.js`, NACK_REASONS and above it. */
function refusalDetail(code: number): string {
  switch (code) {
    case 463:
      return 'WhatsApp does not let this account start new chats for now';
    case 479:
      return 'WhatsApp found the message malformed';
    case 421:
      return 'The group is not known to WhatsApp, or we are no longer in it';
    default:
      return `WhatsApp refused the message (${code})`;
  }
}

function milliseconds(seconds: number): number {
  return seconds > 0 ? seconds * 1000 : Date.now();
}
