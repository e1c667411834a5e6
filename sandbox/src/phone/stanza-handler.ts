import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
} from 'baileys/lib/WABinary/index.js';
import { receiveCall } from './calls.js';
import { takeChatSettings } from './chat-settings.js';
import { isGroupJid } from './directory.js';
import { acknowledge, receiveMessage, receiveReceipt } from './incoming.js';
import { publishKeys } from './own-keys.js';
import type { GroupChangeNews, PhoneContext } from './phone-context.js';

/** What a phone does with a stanza from the server. */
export async function handleStanza(context: PhoneContext, stanza: BinaryNode): Promise<void> {
  switch (stanza.tag) {
    case 'message':
      return receiveMessage(context, stanza);
    case 'receipt':
      return receiveReceipt(context, stanza);
    case 'notification':
      return receiveNotification(context, stanza);
    case 'call':
      return receiveCall(context, stanza);
    case 'ack':
      return receiveAck(context, stanza);
    case 'presence':
      return receivePresence(context, stanza);
    case 'chatstate':
      return receiveTyping(context, stanza);
    default:
      return undefined;
  }
}

async function receiveNotification(context: PhoneContext, stanza: BinaryNode): Promise<void> {
  switch (stanza.attrs.type) {
    case 'encrypt':
      await publishKeys(context);
      break;
    case 'devices':
    case 'account_sync':
      context.tell({ type: 'devices', devices: context.devices() });
      break;
    case 'server_sync':
      await takeChatSettings(context);
      break;
    case 'w:gp2':
      context.tell({ type: 'groups', change: groupChange(context, stanza) });
      break;
  }
  acknowledge(context, stanza);
}

function groupChange(context: PhoneContext, { attrs, content }: BinaryNode): GroupChangeNews {
  const [change] = Array.isArray(content) ? content : [];
  const phoneOf = (jid: string | undefined) => context.directory.byJid(jid ?? '')?.phone;
  const members = getBinaryNodeChildren(change, 'participant').map((each) =>
    phoneOf(each.attrs.jid),
  );
  const about = getBinaryNodeChild(change, 'body')?.content;
  const text = change?.attrs.subject ?? (about && Buffer.from(about as Uint8Array).toString());
  return {
    group: attrs.from ?? '',
    by: phoneOf(attrs.participant) ?? '',
    action: change?.tag ?? '',
    phones: members.filter((phone) => phone !== undefined),
    ...(text && { text }),
  };
}

function receiveAck(context: PhoneContext, stanza: BinaryNode): void {
  const { class: acknowledged, id = '', error } = stanza.attrs;
  if (acknowledged !== 'message') return;
  const message = context.log.acknowledge(id, error);
  if (message) context.tell({ type: 'message', message });
}

function receivePresence(context: PhoneContext, stanza: BinaryNode): void {
  const from = context.directory.byJid(stanza.attrs.from ?? '')?.phone;
  if (from)
    context.tell({ type: 'presence', from, available: stanza.attrs.type !== 'unavailable' });
}

function receiveTyping(context: PhoneContext, stanza: BinaryNode): void {
  const { from = '', participant } = stanza.attrs;
  const author = context.directory.byJid(participant ?? from)?.phone;
  if (!author) return;
  const [state] = Array.isArray(stanza.content) ? stanza.content : [];
  const recording = state?.attrs.media === 'audio';
  context.tell({
    type: 'typing',
    chat: isGroupJid(from) ? from : author,
    from: author,
    state: state?.tag === 'composing' ? (recording ? 'recording' : 'composing') : 'paused',
  });
}
