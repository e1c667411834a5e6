import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { formOf, isGroup } from '../world/jid.js';
import { type DeviceRecord, nowSeconds } from '../world/world.js';
import type { Core } from './core.js';
import type { Link } from './link.js';
import { childrenOf, node } from './stanza.js';

/** A name that Baileys sets while a pairing code is pending. */
const PLACEHOLDER_NAME = '~';

/** Takes a `<presence>`: available, unavailable, subscribe, or a new push name. Nothing is queued. */
export function takePresence(core: Core, sender: DeviceRecord, stanza: BinaryNode): void {
  const link = core.delivery.link(sender.key);
  if (!link) return;
  const { type, name, to } = stanza.attrs;
  if (name && name !== PLACEHOLDER_NAME) rename(core, sender.phone, name);
  if (type === 'available' || type === 'unavailable') {
    link.available = type === 'available';
    announce(core, sender.phone);
  } else if (type === 'subscribe' && to) {
    const phone = core.world.accountOf(to)?.phone;
    if (!phone) return;
    link.subscriptions.set(phone, to);
    core.delivery.answer(link, presenceOf(core, phone, to));
  }
}

/** Tells everyone who watches this account how it is now. */
export function announce(core: Core, phone: string): void {
  if (!isAvailable(core, phone)) core.lastSeen.set(phone, nowSeconds());
  for (const link of core.delivery.connected()) {
    const named = link.subscriptions.get(phone);
    if (named) core.delivery.answer(link, presenceOf(core, phone, named));
  }
}

/** Takes a `<chatstate>`: relayed to who is connected, forgotten for who is not. */
export function relayChatState(core: Core, sender: DeviceRecord, stanza: BinaryNode): void {
  const to = stanza.attrs.to ?? '';
  const content = childrenOf(stanza);
  const relayTo = (phone: string, attrs: Record<string, string>): void => {
    for (const link of linksOf(core, phone)) {
      core.delivery.answer(link, node('chatstate', attrs, content));
    }
  };
  if (isGroup(to)) {
    const participant = core.world.userJid(sender.phone, 'lid');
    const members = core.groups.get(to)?.members ?? {};
    for (const phone of Object.keys(members)) {
      if (phone !== sender.phone) relayTo(phone, { from: to, participant });
    }
    return;
  }
  const phone = core.world.accountOf(to)?.phone;
  if (phone) relayTo(phone, { from: core.world.userJid(sender.phone, formOf(to)) });
}

function presenceOf(core: Core, phone: string, from: string): BinaryNode {
  if (isAvailable(core, phone)) return node('presence', { from, type: 'available' });
  const last = core.lastSeen.get(phone);
  return node('presence', {
    from,
    type: 'unavailable',
    last: last === undefined ? 'deny' : String(last),
  });
}

function isAvailable(core: Core, phone: string): boolean {
  return linksOf(core, phone).some((link) => link.available);
}

function linksOf(core: Core, phone: string): Link[] {
  return core.world
    .devicesOf(phone)
    .map((device) => core.delivery.link(device.key))
    .filter((link) => link?.active) as Link[];
}

function rename(core: Core, phone: string, name: string): void {
  const account = core.world.account(phone);
  if (!account || account.name === name) return;
  account.name = name;
  core.world.saveAccount(account);
}
