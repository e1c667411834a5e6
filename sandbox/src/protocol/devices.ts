import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { withDevice } from '../world/jid.js';
import type { DeviceRecord } from '../world/world.js';
import type { Core } from './core.js';
import { devicesHash } from './iq/usync.js';
import { DEVICE_REMOVED } from './link.js';
import { announce } from './presence.js';
import { node } from './stanza.js';

/** Tells everyone who keeps the account's device list that a device came or went. */
export function announceDevice(core: Core, change: 'add' | 'remove', device: DeviceRecord): void {
  const { phone, index, keyIndex } = device;
  const account = core.world.account(phone)!;
  const hash = devicesHash(core.world.devicesOf(phone));
  const entry = (user: string): BinaryNode =>
    node('device', { jid: withDevice(user, index), 'key-index': String(keyIndex) });
  // Clients cache the list under the form that they asked with, so both are named.
  const body = [node(change, { device_hash: hash }, [entry(account.pn), entry(account.lid)])];
  for (const watcher of new Set([phone, ...core.watchers.of(phone)])) {
    const from = watcher === phone ? account.pn : account.lid;
    const attrs = { from, type: 'devices', id: core.newId(), t: core.time() };
    core.enqueueForAccount(watcher, node('notification', attrs, body), undefined, device.key);
  }
}

/** Takes a companion off its account: queue, keys and connection go with it. */
export function forgetDevice(core: Core, device: DeviceRecord): void {
  if (!core.world.device(device.key)) return;
  core.world.removeDevice(device);
  core.preKeys.clear(device.key);
  core.queues.drop(device.key);
  announceDevice(core, 'remove', device);
  const link = core.delivery.link(device.key);
  if (link) {
    core.store.afterCommit(() => {
      link.end('device removed', DEVICE_REMOVED);
      announce(core, device.phone);
    });
  }
}
