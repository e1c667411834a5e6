import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { SERVER } from '../../world/jid.js';
import type { PreKey } from '../../world/prekeys.js';
import type { DeviceRecord } from '../../world/world.js';
import type { Core } from '../core.js';
import { IqFailure } from '../seam.js';
import { bytesOf, childOf, childrenOf, node, uintBytes, uintOf } from '../stanza.js';
import type { IqHandler } from './dispatch.js';

/** The curve's type byte. */
const KEY_TYPE = Buffer.of(5);
/** Fewer one-time keys than this, and the server asks the device for more. */
const LOW_KEYS = 5;

const KEY_ID_BYTES = 3;

/** Key bundles: how many are left, upload, fetch (which consumes a one-time key), digest, rotate. */
export const answerEncryptIq: IqHandler = (core, sender, iq) => {
  if (childOf(iq, 'count')) {
    return [node('count', { value: String(core.preKeys.count(sender.key)) })];
  }
  if (childOf(iq, 'digest')) return digest(core, sender);
  const fetch = childOf(iq, 'key');
  if (fetch && iq.attrs.type === 'get') {
    return [
      node(
        'list',
        {},
        childrenOf(fetch, 'user').map((user) => bundleFor(core, user)),
      ),
    ];
  }
  const rotate = childOf(iq, 'rotate');
  if (rotate) {
    if (!sender.bundle) throw new IqFailure(409, 'conflict');
    sender.bundle.signedPreKey = signedPreKey(childOf(rotate, 'skey'));
    core.world.saveDevice(sender);
    return [];
  }
  return childOf(iq, 'identity') ? upload(core, sender, iq) : undefined;
};

function upload(core: Core, sender: DeviceRecord, iq: BinaryNode): BinaryNode[] {
  const identity = bytesOf(childOf(iq, 'identity'));
  const registrationId = uintOf(childOf(iq, 'registration'));
  if (identity?.length !== 32 || registrationId === undefined) throw badRequest();
  sender.bundle = {
    registrationId,
    identity: identity.toString('base64'),
    signedPreKey: signedPreKey(childOf(iq, 'skey')),
  };
  const keys: PreKey[] = childrenOf(childOf(iq, 'list'), 'key').map((key) => {
    const id = uintOf(childOf(key, 'id'));
    const value = bytesOf(childOf(key, 'value'));
    if (id === undefined || value?.length !== 32) throw badRequest();
    return { id, value };
  });
  core.world.saveDevice(sender);
  core.preKeys.add(sender.key, keys);
  return [];
}

function bundleFor(core: Core, user: BinaryNode): BinaryNode {
  const { jid } = user.attrs;
  const device = core.world.deviceOf(jid);
  if (!device?.bundle) {
    return node('user', { jid }, [node('error', { code: '404', text: 'item-not-found' })]);
  }
  const { registrationId, identity, signedPreKey: signed } = device.bundle;
  const oneTime = core.preKeys.take(device.key);
  warnWhenLow(core, device);
  return node('user', { jid }, [
    node('registration', {}, uintBytes(registrationId, 4)),
    node('type', {}, KEY_TYPE),
    node('identity', {}, Buffer.from(identity, 'base64')),
    node('skey', {}, [
      node('id', {}, uintBytes(signed.id, KEY_ID_BYTES)),
      node('value', {}, Buffer.from(signed.value, 'base64')),
      node('signature', {}, Buffer.from(signed.signature, 'base64')),
    ]),
    ...(oneTime
      ? [
          node('key', {}, [
            node('id', {}, uintBytes(oneTime.id, KEY_ID_BYTES)),
            node('value', {}, oneTime.value),
          ]),
        ]
      : []),
  ]);
}

/** One notification at a time: it waits in the queue until the device took it. */
function warnWhenLow(core: Core, device: DeviceRecord): void {
  const left = core.preKeys.count(device.key);
  if (left >= LOW_KEYS) return;
  const id = `prekeys-low-${device.key}`;
  if (core.queues.withId(device.key, 'notification', id).length > 0) return;
  const count = node('count', { value: String(left) });
  core.delivery.enqueue(
    device.key,
    node('notification', { from: SERVER, type: 'encrypt', id, t: core.time() }, [count]),
  );
}

function digest(core: Core, sender: DeviceRecord): BinaryNode[] {
  const { bundle } = sender;
  if (!bundle) throw new IqFailure(404, 'item-not-found');
  const ids = core.preKeys.ids(sender.key);
  return [
    node('digest', {}, [
      node('registration', {}, uintBytes(bundle.registrationId, 4)),
      node('type', {}, KEY_TYPE),
      node('identity', {}, Buffer.from(bundle.identity, 'base64')),
      node('skey', {}, [node('id', {}, uintBytes(bundle.signedPreKey.id, KEY_ID_BYTES))]),
      node(
        'list',
        {},
        ids.map((id) => node('id', {}, uintBytes(id, KEY_ID_BYTES))),
      ),
    ]),
  ];
}

function signedPreKey(skey: BinaryNode | undefined) {
  const id = uintOf(childOf(skey, 'id'));
  const value = bytesOf(childOf(skey, 'value'));
  const signature = bytesOf(childOf(skey, 'signature'));
  if (id === undefined || value?.length !== 32 || signature?.length !== 64) throw badRequest();
  return { id, value: value.toString('base64'), signature: signature.toString('base64') };
}

const badRequest = (): IqFailure => new IqFailure(400, 'bad-request');
