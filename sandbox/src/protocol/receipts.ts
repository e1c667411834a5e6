import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { formOf, isShared } from '../world/jid.js';
import type { QueueEntry, QueueTag } from '../world/queues.js';
import { type DeviceRecord, nowSeconds } from '../world/world.js';
import type { Core } from './core.js';
import { childOf, childrenOf, node } from './stanza.js';

/**
 * Takes a `<receipt>` of a device. It ends the wait of the messages that it names, tells their
 * author, and is answered by `<ack class=receipt>`.
 */
export function routeReceipt(core: Core, sender: DeviceRecord, stanza: BinaryNode): void {
  const { id = '', to, participant, type } = stanza.attrs;
  const listed = childrenOf(childOf(stanza, 'list'), 'item').map((item) => item.attrs.id ?? '');
  const ids = [id, ...listed];
  const entries = ids.flatMap((one) => waitingMessages(core, sender, one, stanza));
  if (type !== 'retry' && entries.length > 0 && core.faults.strikes('receipt_lost', sender.key)) {
    return;
  }
  if (type === 'retry') {
    for (const entry of entries) entry.retrying = true;
    relayRetry(core, sender, stanza, entries[0]);
  } else {
    core.delivery.done(entries, 'receipted');
    relay(core, sender, stanza, ids, entries);
  }
  core.answer(sender, node('ack', { class: 'receipt', id, from: to, participant, type }));
}

/**
 * Takes an `<ack>` of a device for a receipt, notification or call, or its refusal of a message.
 * A plain ack of a message is no delivery: the receipt is.
 */
export function takeAck(core: Core, sender: DeviceRecord, { attrs }: BinaryNode): void {
  const tag = attrs.class as QueueTag;
  const id = attrs.id ?? '';
  if (tag === 'message') {
    if (!attrs.error) return;
    const entries = core.queues.withId(sender.key, tag, id);
    core.delivery.done(entries.slice(0, 1), 'nacked');
    return;
  }
  const candidates = core.queues.withId(sender.key, tag, id);
  const entry =
    candidates.find(
      ({ from, participant, type }) =>
        from === attrs.to && participant === attrs.participant && type === attrs.type,
    ) ?? candidates.find(({ from }) => from === attrs.to);
  if (entry) core.delivery.done([entry], 'acked');
}

/** The queued copies of a message that this receipt speaks of: same id, same author or chat. */
function waitingMessages(
  core: Core,
  sender: DeviceRecord,
  id: string,
  { attrs }: BinaryNode,
): QueueEntry[] {
  return core.queues.withId(sender.key, 'message', id).filter((entry) => {
    if (attrs.to === undefined) return true;
    if (isShared(attrs.to)) return entry.from === attrs.to;
    const phone = core.world.accountOf(attrs.to)?.phone;
    return !isShared(entry.from) && phone === core.world.accountOf(entry.from)?.phone;
  });
}

/** To the very device that wrote the message, with the asking device's full address. */
function relayRetry(
  core: Core,
  sender: DeviceRecord,
  stanza: BinaryNode,
  entry: QueueEntry | undefined,
): void {
  const { id, to = '', participant, recipient } = stanza.attrs;
  const author = entry?.author ?? core.world.deviceOf(participant ?? to)?.key;
  if (!author || author === sender.key) return;
  const group = isShared(to);
  const own = core.world.deviceJid(sender, formOf(participant ?? to));
  const attrs = {
    from: group ? to : own,
    participant: group ? own : undefined,
    recipient,
    id,
    type: 'retry',
    t: String(nowSeconds()),
  };
  core.delivery.enqueue(author, node('receipt', attrs, childrenOf(stanza)), sender.key);
}

function relay(
  core: Core,
  sender: DeviceRecord,
  stanza: BinaryNode,
  ids: string[],
  entries: QueueEntry[],
): void {
  const { to = '', participant, type } = stanza.attrs;
  if (type === 'peer_msg' || type === 'hist_sync' || type === 'server-error') {
    relayToPhone(core, sender, stanza);
    return;
  }
  // Prepared stanzas of a load run have no author who waits for news.
  if (entries.length > 0 && entries.every((entry) => entry.author === undefined)) return;
  const author = core.world.accountOf(isShared(to) ? participant : to)?.phone;
  if (type === 'sender' || author === undefined || author === sender.phone) {
    relayToSender(core, sender, stanza, entries);
    return;
  }
  const shown = type === 'read' || type === 'played' ? type : undefined;
  const news = ids.filter((id) => core.toldReceipts.isNews(author, id, sender.phone, shown));
  if (type !== 'read-self' && news.length > 0) relayToAuthor(core, sender, stanza, news, author);
  if (type === 'read' || type === 'read-self') relayToOwnDevices(core, sender, stanza, ids);
}

function relayToAuthor(
  core: Core,
  sender: DeviceRecord,
  { attrs }: BinaryNode,
  ids: string[],
  author: string,
): void {
  const { to = '', participant, type, t = core.time() } = attrs;
  const own = core.world.userJid(sender.phone, formOf(participant ?? to));
  const where = isShared(to) ? { from: to, participant: own } : { from: own };
  const shown = type === 'read' || type === 'played' ? type : undefined;
  const news = node('receipt', { id: ids[0], t, ...where, type: shown }, idList(ids));
  core.enqueueForAccount(author, news, sender.key);
}

/** What one device has read, the others show as read. */
function relayToOwnDevices(
  core: Core,
  sender: DeviceRecord,
  { attrs }: BinaryNode,
  ids: string[],
): void {
  const { to = '', participant, type, t = core.time() } = attrs;
  const own = core.world.userJid(sender.phone, formOf(participant ?? to));
  const where = isShared(to) ? { from: to, participant: own } : { from: own, recipient: to };
  const news = node('receipt', { id: ids[0], t, ...where, type }, idList(ids));
  core.enqueueForAccount(sender.phone, news, sender.key, sender.key);
}

/**
 * An own companion has the message: the sending device is told, unless it knows more already (a
 * client that merges receipts would take the message back from delivered to sent).
 */
function relayToSender(
  core: Core,
  sender: DeviceRecord,
  { attrs }: BinaryNode,
  entries: QueueEntry[],
): void {
  for (const { author, id, from } of entries) {
    if (!author || author === sender.key) continue;
    if (core.toldReceipts.isDelivered(sender.phone, id)) continue;
    const own = core.world.userJid(sender.phone, formOf(attrs.recipient ?? from));
    const group = isShared(from);
    const news = node('receipt', {
      from: group ? from : own,
      participant: group ? own : undefined,
      recipient: attrs.recipient,
      id,
      type: 'sender',
      t: String(nowSeconds()),
    });
    core.delivery.enqueue(author, news, sender.key);
  }
}

function relayToPhone(core: Core, sender: DeviceRecord, stanza: BinaryNode): void {
  const phone = core.world.devicesOf(sender.phone)[0];
  if (!phone || phone.key === sender.key) return;
  const { id, type } = stanza.attrs;
  const from = core.world.deviceJid(sender, 'pn');
  const attrs = { from, id, type, t: String(nowSeconds()) };
  core.delivery.enqueue(phone.key, node('receipt', attrs, childrenOf(stanza)), sender.key);
}

function idList(ids: string[]): BinaryNode[] | undefined {
  if (ids.length < 2) return undefined;
  const items = ids.slice(1).map((id) => node('item', { id }));
  return [node('list', {}, items)];
}
