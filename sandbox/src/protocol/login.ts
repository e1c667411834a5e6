import { randomBytes } from 'node:crypto';
import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import type { WireConnection } from '../wire/connection.js';
import type { ClientIntroduction } from '../wire/noise.js';
import { type DeviceRecord, deviceKey } from '../world/world.js';
import type { Core } from './core.js';
import { fromServer } from './delivery.js';
import { strikeAtLogin } from './faults.js';
import { type Link, REPLACED, SocketLink } from './link.js';
import { announce } from './presence.js';
import { node } from './stanza.js';
import { takeStanza } from './take-stanza.js';

/** A connection that introduced itself with a number and a device: who is it, and may it? */
export function logIn(core: Core, connection: WireConnection, intro: ClientIntroduction): void {
  const { username, device: index } = intro.payload;
  const device = core.world.device(deviceKey(String(username ?? ''), index ?? 0));
  if (!device?.noiseKey || device.noiseKey !== intro.noiseKey.toString('base64')) {
    refuse(connection, 401);
    return;
  }
  const refusal = core.faults.strikes('failure', device.key);
  if (refusal) {
    refuse(connection, refusal.code ?? 403);
    return;
  }
  if (core.faults.strikes('refuse', device.key)) {
    connection.cut('refused by a fault');
    return;
  }
  const link = new SocketLink(device.key, connection);
  connection.events = {
    introduced: () => connection.cut('introduced twice'),
    stanza: (stanza) => link.hear(() => receive(core, link, device, stanza)),
    closed: () => disconnect(core, link, device),
  };
  core.witness?.watch(connection, device.key);
  attach(core, link);
  core.delivery.answer(link, success(core, device));
  const routing = node('edge_routing', {}, [node('routing_info', {}, randomBytes(6))]);
  core.delivery.answer(link, fromServer(routing));
  core.store.afterCommit(() => strikeAtLogin(core, link));
}

/** Makes a connection the device's only one. */
export function attach(core: Core, link: Link): void {
  core.delivery.attach(link)?.end('replaced', REPLACED);
}

/** The device is gone; what waits for it stays. */
export function disconnect(core: Core, link: Link, device: DeviceRecord): void {
  const wasAvailable = link.available;
  link.forget();
  core.delivery.detach(link);
  if (wasAvailable) announce(core, device.phone);
}

function receive(core: Core, link: Link, device: DeviceRecord, stanza: BinaryNode): void {
  if (stanza.tag === 'message' && core.faults.strikes('message_lost', device.key)) {
    link.cut('fault');
    return;
  }
  try {
    takeStanza(core, device, stanza);
  } catch (error) {
    console.error(`sandbox: <${stanza.tag}> of a client could not be handled:`, error);
  }
}

function refuse(connection: WireConnection, reason: number): void {
  connection.send(node('failure', { reason: String(reason), location: 'sandbox' }));
  connection.close(`failure ${reason}`);
}

function success(core: Core, device: DeviceRecord): BinaryNode {
  return node('success', {
    t: core.time(),
    lid: core.world.deviceJid(device, 'lid'),
    display_name: core.world.account(device.phone)!.name,
    location: 'sandbox',
    props: '27',
  });
}
