import { isGroupJid, isSameUser, isStatusJid, normalizeJid } from '../../../whatsapp/jid.js';
import type { EngineEvent } from '../../engine-events.js';
import { type BinaryNode, getBinaryNodeChildren, getStatusFromReceiptType } from '../baileys.js';
import { type Me, receiptStatus } from '../from-baileys/message.js';

/**
 * What a `<receipt>` tells of our messages, if anything: requests to send again, and our own devices
 * reading messages of others, are not receipts in this sense. Shapes as rc14 reads them
 * (`lib/Socket/messages-recv.js`, handleReceipt).
 */
export function eventFromReceipt(node: BinaryNode, me: Me): EngineEvent | undefined {
  const { from, id, type, participant, recipient, t } = node.attrs;
  const status = receiptStatus(getStatusFromReceiptType(type));
  if (!from || !id || !status) return undefined;
  const author = participant || from;
  const byUs = isSameUser(author, me.jid) || isSameUser(author, me.lid);
  const isOurMessage = !recipient || (byUs && type === 'sender');
  const chat = !byUs || isGroupJid(from) ? from : recipient;
  if (!isOurMessage || !chat) return undefined;
  const inGroup = isGroupJid(chat) || isStatusJid(chat);
  if (inGroup && !participant) return undefined;
  return {
    type: 'receipt',
    messageIds: [id, ...furtherIds(node)],
    chatJid: normalizeJid(chat),
    ...(inGroup && participant && { participantJid: normalizeJid(participant) }),
    status,
    timestamp: milliseconds(t),
  };
}

/** A receipt for many messages names the others in a list. */
function furtherIds({ content }: BinaryNode): string[] {
  const list = Array.isArray(content) ? content[0] : undefined;
  return getBinaryNodeChildren(list, 'item').flatMap(({ attrs }) => (attrs.id ? [attrs.id] : []));
}

function milliseconds(seconds: string | undefined): number {
  const time = Number(seconds);
  return time > 0 ? time * 1000 : Date.now();
}
