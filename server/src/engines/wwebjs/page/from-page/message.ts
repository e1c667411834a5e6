import type { MessageContent } from '@patchbay/contract';
import { isGroupJid } from '../../../../whatsapp/jid.js';
import type { EngineMessage, ReceiptStatus } from '../../../engine-events.js';
import type { PageMessageData } from '../page-window.js';
import { jidOf, type OtherNames } from '../wids.js';
import { contentFromPage, thumbnailIn } from './content.js';

/** Acks of the page (util/Constants.js, MessageAck). */
const STATUSES: Record<number, ReceiptStatus> = {
  1: 'sent',
  2: 'delivered',
  3: 'read',
  4: 'played',
};

export function statusOf(ack: number | undefined): ReceiptStatus | undefined {
  return ack === undefined ? undefined : STATUSES[ack];
}

/** A message of the page as engines tell it; undefined for what says nothing to people. */
export async function messageFromPage(
  data: PageMessageData,
  me: { jid: string },
  names: OtherNames,
): Promise<EngineMessage | undefined> {
  const content = contentFromPage(data);
  if (!content) return undefined;
  const thumbnail = thumbnailIn(data);
  const status = data.id.fromMe ? statusOf(data.ack) : undefined;
  return {
    ...(await told(data, me, names)),
    id: data.id.id,
    timestamp: data.t * 1000,
    content,
    ...(status && { status }),
    ...(thumbnail && { thumbnail }),
    raw: Buffer.from(JSON.stringify(withoutBytes(data))),
  };
}

/** What was done to a message: the page names no message for it, so its name is made of the target's. */
export async function actionFromPage(
  target: PageMessageData,
  action: { id: string; timestamp: number; content: MessageContent },
  me: { jid: string },
  names: OtherNames,
): Promise<EngineMessage> {
  const raw = Buffer.from(JSON.stringify({ id: target.id }));
  return { ...(await told(target, me, names)), ...action, raw };
}

/** Chat and author of a message. */
async function told(data: PageMessageData, me: { jid: string }, names: OtherNames) {
  const chatJid = jidOf(data.id.remote);
  const { fromMe } = data.id;
  const author = data.author ?? data.id.participant ?? data.from;
  const senderJid = fromMe ? me.jid : isGroupJid(chatJid) ? jidOf(author) : chatJid;
  const others = await names.of([chatJid, senderJid]);
  const chatAltJid = others.get(chatJid);
  const senderAltJid = others.get(senderJid);
  return {
    chatJid,
    ...(chatAltJid && { chatAltJid }),
    fromMe,
    senderJid,
    ...(senderAltJid && { senderAltJid }),
    ...(data.notifyName && !fromMe && { pushName: data.notifyName }),
  };
}

/** Of pictures the page keeps a small one in the message; it is told beside. */
function withoutBytes(data: PageMessageData): object {
  if (data.type === 'chat' || data.type === 'vcard') return data;
  const { body: _bytes, ...rest } = data;
  return rest;
}
