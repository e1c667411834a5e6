import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildBuffer,
  getBinaryNodeChildren,
  S_WHATSAPP_NET,
} from 'baileys/lib/WABinary/index.js';
import type { PreKeyBundleInput } from 'whatsapp-rust-bridge';
import type { Account } from '../protocol/seam.js';
import { signalKey } from './device-identity.js';
import { lidDeviceJid, parseJid } from './directory.js';
import type { PhoneContext } from './phone-context.js';
import type { DeviceAddress } from './signal-peer.js';

/** A device of some account, and how stanzas name it. */
export interface TargetDevice extends DeviceAddress {
  account: Account;
  /** `LID[:device]@lid` */
  jid: string;
}

export function targetDevice(account: Account, device: number): TargetDevice {
  return {
    account,
    user: parseJid(account.lid).user,
    device,
    jid: lidDeviceJid(account, device),
  };
}

/** All present devices of these accounts, phones included, asked of the server (usync). */
export async function findDevices(
  context: PhoneContext,
  accounts: Account[],
): Promise<TargetDevice[]> {
  const answer = await context.request({
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'usync' },
    content: [
      {
        tag: 'usync',
        attrs: {
          context: 'message',
          mode: 'query',
          sid: String(Date.now()),
          last: 'true',
          index: '0',
        },
        content: [
          { tag: 'query', attrs: {}, content: [{ tag: 'devices', attrs: { version: '2' } }] },
          {
            tag: 'list',
            attrs: {},
            content: accounts.map((account) => ({ tag: 'user', attrs: { jid: account.lid } })),
          },
        ],
      },
    ],
  });
  const list = getBinaryNodeChild(getBinaryNodeChild(answer, 'usync'), 'list');
  return getBinaryNodeChildren(list, 'user').flatMap((user) => {
    const account = context.directory.byJid(user.attrs.jid ?? '');
    const devices = getBinaryNodeChild(getBinaryNodeChild(user, 'devices'), 'device-list');
    return account
      ? getBinaryNodeChildren(devices, 'device').map((node) =>
          targetDevice(account, Number(node.attrs.id)),
        )
      : [];
  });
}

/**
 * Starts Signal sessions from the server's bundles, with those devices that have none yet, or with
 * all of them when `fresh`.
 * @returns the devices that can be encrypted for now; those without a bundle are left out
 */
export async function ensureSessions(
  context: PhoneContext,
  devices: TargetDevice[],
  fresh = false,
): Promise<TargetDevice[]> {
  const missing = fresh ? devices : devices.filter((device) => !context.signal.hasSession(device));
  if (missing.length === 0) return devices;
  const answer = await context.request({
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'encrypt' },
    content: [
      {
        tag: 'key',
        attrs: {},
        content: missing.map((device) => ({ tag: 'user', attrs: { jid: device.jid } })),
      },
    ],
  });
  const unreachable = new Set(missing);
  for (const user of getBinaryNodeChildren(getBinaryNodeChild(answer, 'list'), 'user')) {
    const device = missing.find((each) => each.jid === user.attrs.jid);
    const bundle = readBundle(user);
    if (!device || !bundle) continue;
    await context.signal.startSession(device, bundle);
    unreachable.delete(device);
  }
  return devices.filter((device) => !unreachable.has(device));
}

function readBundle(user: BinaryNode): PreKeyBundleInput | undefined {
  const identity = getBinaryNodeChildBuffer(user, 'identity');
  const signed = getBinaryNodeChild(user, 'skey');
  const registration = getBinaryNodeChildBuffer(user, 'registration');
  if (!identity || !signed || !registration) return undefined;
  const oneTime = getBinaryNodeChild(user, 'key');
  return {
    registrationId: Buffer.from(registration).readUInt32BE(),
    identityKey: signalKey(identity),
    signedPreKey: { ...readKey(signed), signature: bytes(signed, 'signature') },
    ...(oneTime ? { preKey: readKey(oneTime) } : {}),
  };
}

function readKey(node: BinaryNode): { keyId: number; publicKey: Uint8Array } {
  return {
    keyId: Buffer.from(bytes(node, 'id')).readUIntBE(0, 3),
    publicKey: signalKey(bytes(node, 'value')),
  };
}

function bytes(node: BinaryNode, tag: string): Uint8Array {
  const value = getBinaryNodeChildBuffer(node, tag);
  if (!value) throw new Error(`the server's key bundle has no <${tag}>`);
  return value;
}
