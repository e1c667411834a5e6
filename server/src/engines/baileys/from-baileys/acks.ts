import { normalizeJid } from '../../../whatsapp/jid.js';
import type { EngineEvent } from '../../engine-events.js';
import type { BinaryNode } from '../baileys.js';

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
