import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { GroupRecord } from '../world/groups.js';
import { type AddressForm, formOf, isGroup, STATUS_JID } from '../world/jid.js';
import { type AccountRecord, type DeviceRecord, nowSeconds } from '../world/world.js';
import type { Core } from './core.js';
import { type Attrs, childOf, childrenOf, node } from './stanza.js';

/** Attributes that are the sender's business with the server, not the recipient's. */
const NOT_FORWARDED = new Set([
  'to',
  'from',
  'participant',
  'recipient',
  'phash',
  'device_fanout',
  'push_priority',
  'addressing_mode',
]);
/** Children that only the server reads. */
const NOT_FORWARDED_CHILDREN = new Set(['participants', 'enc', 'tctoken', 'device-identity']);

interface Outgoing {
  stanza: BinaryNode;
  sender: DeviceRecord;
  account: AccountRecord;
  /** Children for every recipient (`meta`, `reporting`, ...). */
  shared: BinaryNode[];
  identity: BinaryNode | undefined;
  attrs: Attrs;
}

/** Takes a `<message>` of a device: one copy in the queue of each device that it is for; `<ack>`. */
export function routeMessage(core: Core, sender: DeviceRecord, stanza: BinaryNode): void {
  const refusal = core.faults.strikes('ack_error', sender.key);
  const error = refusal ? String(refusal.code ?? 463) : fanOut(core, sender, stanza);
  acknowledge(core, sender, stanza, error);
}

/** @returns an error code for the ack, if the message cannot be routed */
function fanOut(core: Core, sender: DeviceRecord, stanza: BinaryNode): string | undefined {
  const to = stanza.attrs.to ?? '';
  const account = core.world.account(sender.phone)!;
  const attrs: Attrs = { t: String(nowSeconds()), notify: account.name };
  for (const [name, value] of Object.entries(stanza.attrs)) {
    if (!NOT_FORWARDED.has(name)) attrs[name] = value;
  }
  const shared = childrenOf(stanza).filter((child) => !NOT_FORWARDED_CHILDREN.has(child.tag));
  const identity = childOf(stanza, 'device-identity');
  const outgoing = { stanza, sender, account, shared, identity, attrs };
  if (to === STATUS_JID) {
    routeStatus(core, outgoing);
    return undefined;
  }
  if (!isGroup(to)) return routeDirect(core, outgoing);
  const group = core.groups.get(to);
  if (!group) return '404';
  const role = group.members[sender.phone];
  if (!role || (group.announcement && role === 'member')) return '403';
  routeGroup(core, group, outgoing);
  return undefined;
}

function routeDirect(core: Core, outgoing: Outgoing): string | undefined {
  const { stanza, sender } = outgoing;
  const to = stanza.attrs.to ?? '';
  const target = core.world.accountOf(to);
  if (!target) return '404';
  const copies = perDevice(core, stanza);
  const direct = childrenOf(stanza, 'enc');
  const named = core.world.deviceOf(to);
  if (direct.length > 0 && named) copies.set(named, direct);
  // The chat: for a resend to an own companion `to` is that device, and `recipient` the chat.
  const chat = core.world.accountOf(stanza.attrs.recipient) ?? target;
  for (const [device, encs] of copies) {
    const attrs =
      device.phone === sender.phone
        ? ownCopy(core, outgoing, chat, formOf(stanza.attrs.recipient ?? to))
        : copyForOther(core, outgoing, formOf(to));
    deliverCopy(core, device, outgoing, { ...outgoing.attrs, ...attrs }, encs);
  }
  return undefined;
}

/** `from` in the form that the sender used, so that receipts come back in it. */
function copyForOther(core: Core, { sender, account }: Outgoing, form: AddressForm): Attrs {
  const from = core.world.deviceJid(sender, form);
  return form === 'lid'
    ? { from, sender_pn: account.pn, addressing_mode: 'lid' }
    : { from, sender_lid: account.lid, addressing_mode: 'pn' };
}

/** What another device of the same account sees: `from` itself, `recipient` the chat. */
function ownCopy(
  core: Core,
  { stanza, sender }: Outgoing,
  chat: AccountRecord,
  form: AddressForm,
): Attrs {
  const from = core.world.deviceJid(sender, form);
  // Peer messages (history, keys, requests to the phone) are not part of any chat.
  if (stanza.attrs.category === 'peer') return { from };
  return form === 'lid'
    ? { from, recipient: chat.lid, peer_recipient_pn: chat.pn, addressing_mode: 'lid' }
    : { from, recipient: chat.pn, peer_recipient_lid: chat.lid, addressing_mode: 'pn' };
}

function routeGroup(core: Core, group: GroupRecord, outgoing: Outgoing): void {
  const { stanza, sender, account } = outgoing;
  const encs = childrenOf(stanza, 'enc');
  const attrs: Attrs = {
    ...outgoing.attrs,
    from: group.id,
    participant: core.world.deviceJid(sender, 'lid'),
    participant_pn: account.pn,
    addressing_mode: 'lid',
  };
  const resendTo = core.world.deviceOf(stanza.attrs.participant);
  if (stanza.attrs.participant) {
    if (resendTo) deliverCopy(core, resendTo, outgoing, attrs, encs);
    return;
  }
  // The sender key's distribution goes before what is encrypted with that key.
  const distributions = perDevice(core, stanza);
  for (const phone of Object.keys(group.members)) {
    for (const device of core.world.devicesOf(phone)) {
      if (device.key === sender.key) continue;
      const all = [...(distributions.get(device) ?? []), ...encs];
      deliverCopy(core, device, outgoing, attrs, all);
    }
  }
}

/** A status post goes to the devices that its sender gives the key to, each time anew. */
function routeStatus(core: Core, outgoing: Outgoing): void {
  const { stanza, sender, account } = outgoing;
  const encs = childrenOf(stanza, 'enc');
  const attrs: Attrs = {
    ...outgoing.attrs,
    from: STATUS_JID,
    participant: core.world.deviceJid(sender, 'pn'),
    participant_lid: account.lid,
    addressing_mode: 'pn',
  };
  for (const [device, keys] of perDevice(core, stanza)) {
    deliverCopy(core, device, outgoing, attrs, [...keys, ...encs]);
  }
}

function perDevice(core: Core, stanza: BinaryNode): Map<DeviceRecord, BinaryNode[]> {
  const copies = new Map<DeviceRecord, BinaryNode[]>();
  for (const recipient of childrenOf(childOf(stanza, 'participants'), 'to')) {
    const device = core.world.deviceOf(recipient.attrs.jid);
    if (device) copies.set(device, childrenOf(recipient, 'enc'));
  }
  return copies;
}

function deliverCopy(
  core: Core,
  device: DeviceRecord,
  { sender, shared, identity }: Outgoing,
  attrs: Attrs,
  encs: BinaryNode[],
): void {
  if (device.key === sender.key) return;
  const introduces = encs.some((enc) => enc.attrs.type === 'pkmsg');
  const content = [...encs, ...(introduces && identity ? [identity] : []), ...shared];
  supersede(core, device, sender, attrs.id ?? '', encs);
  core.delivery.enqueue(device.key, node('message', attrs, content), sender.key);
}

/** A re-encrypted copy takes the place of the one that the device could not read. */
function supersede(
  core: Core,
  device: DeviceRecord,
  sender: DeviceRecord,
  id: string,
  encs: BinaryNode[],
): void {
  const resend = encs.some((enc) => enc.attrs.count !== undefined);
  const replaced = core.queues
    .withId(device.key, 'message', id)
    .filter((entry) => entry.author === sender.key && (resend || entry.retrying));
  core.delivery.done(replaced, 'superseded');
}

function acknowledge(core: Core, sender: DeviceRecord, stanza: BinaryNode, error?: string): void {
  const { id, to } = stanza.attrs;
  const ack = node('ack', { class: 'message', id, from: to, t: String(nowSeconds()), error });
  if (core.faults.strikes('ack_missing', sender.key)) return;
  const delay = core.faults.strikes('ack_delay', sender.key);
  if (!delay) {
    core.answer(sender, ack);
    return;
  }
  const link = core.delivery.link(sender.key);
  setTimeout(() => link?.send(ack), delay.delayMs ?? 1000).unref();
}
