import { randomBytes } from 'node:crypto';
import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { proto } from 'baileys/WAProto/index.js';
import type { WireConnection } from '../wire/connection.js';
import { verify } from '../wire/curve.js';
import type { ClientIntroduction } from '../wire/noise.js';
import { parseJid, SERVER } from '../world/jid.js';
import type { DeviceRecord } from '../world/world.js';
import type { Core } from './core.js';
import { announceDevice } from './devices.js';
import { streamError } from './link.js';
import {
  type CompanionFinish,
  LinkError,
  type PairingHello,
  type PrimaryHello,
  type Registration,
} from './seam.js';
import { bytesOf, childOf, node } from './stanza.js';

const REFS = 6;
const ANSWER_TIMEOUT_MS = 30_000;
const RESTART_REQUIRED = 515;
/** What `accountSignature` and `deviceSignature` put in front of what they sign. */
const DEVICE_SIGNATURE_PREFIX = Buffer.of(6, 1);

/** A companion that wants to be linked, while its connection is open. */
class Waiting {
  readonly refs = Array.from({ length: REFS }, () => randomBytes(16).toString('base64url'));
  hello: { phone: string; at: number; ephemeral: Buffer } | undefined;
  /** The iq or finish that somebody waits for. */
  answered: ((stanza: BinaryNode) => void) | undefined;
  awaitedId: string | undefined;
  lost: (() => void) | undefined;

  constructor(
    readonly connection: WireConnection,
    readonly registration: Omit<Registration, 'ref'>,
  ) {}
}

/** Linking: QR references, pairing-code relay, and the exchange that makes a companion a device. */
export class Registrations {
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly core: Core) {}

  /** Takes over a connection that introduced itself with `devicePairingData`. */
  begin(connection: WireConnection, { noiseKey, payload }: ClientIntroduction): void {
    const data = payload.devicePairingData!;
    const props = proto.DeviceProps.decode(data.deviceProps ?? Buffer.alloc(0));
    const one = new Waiting(connection, {
      noiseKey,
      identityKey: Buffer.from(data.eIdent ?? []),
      registrationId: Buffer.from(data.eRegid ?? Buffer.alloc(4)).readUInt32BE(0),
      os: props.os ?? '',
      platform: proto.DeviceProps.PlatformType[props.platformType ?? 0] ?? 'UNKNOWN',
    });
    this.waiting.add(one);
    connection.events = {
      introduced: () => connection.cut('introduced twice'),
      stanza: (stanza) => this.take(one, stanza),
      closed: () => {
        this.waiting.delete(one);
        one.lost?.();
      },
    };
    const refs = one.refs.map((ref) => node('ref', {}, Buffer.from(ref)));
    const attrs = { from: SERVER, type: 'set', id: this.core.newId(), xmlns: 'md' };
    connection.send(node('iq', attrs, [node('pair-device', {}, refs)]));
  }

  find(ref: string): Registration | undefined {
    const one = this.byRef(ref);
    return one && { ref, ...one.registration };
  }

  findPairing(phone: string): PairingHello | undefined {
    const [latest] = [...this.waiting]
      .filter((one) => one.hello?.phone === phone)
      .sort((a, b) => b.hello!.at - a.hello!.at);
    if (!latest) return undefined;
    const ref = latest.refs[0]!;
    const registration = { ref, ...latest.registration };
    return { ref, registration, wrappedCompanionEphemeral: latest.hello!.ephemeral };
  }

  /** See `SandboxServer.answerPairing`. */
  async answerPairing(ref: string, primary: PrimaryHello): Promise<CompanionFinish> {
    const one = this.expect(ref);
    const part = (tag: string, bytes: Uint8Array) => node(tag, {}, Buffer.from(bytes));
    const content = [
      part('link_code_pairing_wrapped_primary_ephemeral_pub', primary.wrappedPrimaryEphemeral),
      part('primary_identity_pub', primary.primaryIdentity),
      part('link_code_pairing_ref', Buffer.from(ref)),
    ];
    const id = this.core.newId();
    const attrs = { from: SERVER, type: 'link_code_companion_reg', id, t: this.core.time() };
    const hello = node('link_code_companion_reg', { stage: 'primary_hello' }, content);
    const finish = await this.exchange(one, 'companion_finish', () =>
      one.connection.send(node('notification', attrs, [hello])),
    );
    const body = childOf(finish, 'link_code_companion_reg');
    const wrappedKeyBundle = bytesOf(childOf(body, 'link_code_pairing_wrapped_key_bundle'));
    const companionIdentity = bytesOf(childOf(body, 'companion_identity_public'));
    if (!wrappedKeyBundle || companionIdentity?.length !== 32) {
      throw new LinkError('refused', 'The companion finished the pairing with incomplete data.');
    }
    return { wrappedKeyBundle, companionIdentity };
  }

  /** See `SandboxServer.linkCompanion`. */
  async link(phone: string, ref: string, deviceIdentity: Uint8Array): Promise<DeviceRecord> {
    const { core } = this;
    const one = this.expect(ref);
    const account = core.world.account(phone);
    if (!account) throw new LinkError('unknown_account', `There is no phone ${phone}.`);
    const index = core.world.nextDeviceIndex(account);
    const id = core.newId();
    const device = { jid: at(account.pn, index), lid: at(account.lid, index) };
    const success = node('pair-success', {}, [
      node('device-identity', {}, Buffer.from(deviceIdentity)),
      node('platform', { name: 'android' }),
      node('device', device),
    ]);
    const answer = await this.exchange(one, id, () =>
      one.connection.send(node('iq', { from: SERVER, type: 'set', id, t: core.time() }, [success])),
    );
    const keyIndex = checkSignature(deviceIdentity, answer, one.registration.identityKey);
    const { os, platform, noiseKey } = one.registration;
    const record = core.world.addDevice({
      phone,
      index,
      keyIndex,
      os,
      platform,
      noiseKey: noiseKey.toString('base64'),
    });
    announceDevice(core, 'add', record);
    this.waiting.delete(one);
    await new Promise<void>((resolve) => core.store.afterCommit(resolve));
    one.connection.send(streamError(RESTART_REQUIRED));
    one.connection.close('linked');
    return record;
  }

  private byRef(ref: string): Waiting | undefined {
    return [...this.waiting].find((one) => one.refs.includes(ref));
  }

  private expect(ref: string): Waiting {
    const one = this.byRef(ref);
    if (!one) throw new LinkError('unknown_ref', 'No waiting device shows this code (any more).');
    if (one.answered) throw new LinkError('refused', 'This device is being linked already.');
    return one;
  }

  /** Sends something and waits for the companion's answer of that id or stage. */
  private exchange(one: Waiting, awaited: string, send: () => void): Promise<BinaryNode> {
    return new Promise<BinaryNode>((resolve, reject) => {
      const fail = (reason: 'closed' | 'timeout', text: string): void => {
        end();
        reject(new LinkError(reason, text));
      };
      const timer = setTimeout(
        () => fail('timeout', 'The device did not answer in time.'),
        ANSWER_TIMEOUT_MS,
      );
      const end = (): void => {
        clearTimeout(timer);
        one.answered = one.lost = one.awaitedId = undefined;
      };
      one.awaitedId = awaited;
      one.answered = (stanza) => {
        end();
        resolve(stanza);
      };
      one.lost = () => fail('closed', 'The device closed its connection: it refused the link.');
      send();
    });
  }

  private take(one: Waiting, stanza: BinaryNode): void {
    const { id, type, xmlns } = stanza.attrs;
    const reg = childOf(stanza, 'link_code_companion_reg');
    const stage = reg?.attrs.stage;
    if (stanza.tag === 'iq' && (type === 'set' || type === 'get')) {
      if (reg && stage === 'companion_hello') this.hello(one, reg);
      const known = reg || xmlns === 'w:p';
      const error = node('error', { code: '501', text: 'feature-not-implemented' });
      const attrs = { from: SERVER, type: known ? 'result' : 'error', id };
      one.connection.send(node('iq', attrs, known ? undefined : [error]));
    }
    if (one.awaitedId !== undefined && (one.awaitedId === id || one.awaitedId === stage)) {
      one.answered?.(stanza);
    }
  }

  private hello(one: Waiting, reg: BinaryNode): void {
    const phone = parseJid(reg.attrs.jid)?.user;
    const wrapped = childOf(reg, 'link_code_pairing_wrapped_companion_ephemeral_pub');
    const ephemeral = bytesOf(wrapped);
    if (phone && ephemeral) one.hello = { phone, at: Date.now(), ephemeral };
  }
}

const at = (jid: string, index: number): string => jid.replace('@', `:${index}@`);

/**
 * The companion must have signed the very identity that it was given, with the identity key that
 * it registered with. @returns the device's key index
 */
function checkSignature(given: Uint8Array, answer: BinaryNode, identityKey: Buffer): number {
  const signed = bytesOf(childOf(childOf(answer, 'pair-device-sign'), 'device-identity'));
  if (answer.attrs.type !== 'result' || !signed) {
    throw new LinkError('refused', 'The device refused the link.');
  }
  const { details } = proto.ADVSignedDeviceIdentityHMAC.decode(given);
  const offered = proto.ADVSignedDeviceIdentity.decode(details!);
  const returned = proto.ADVSignedDeviceIdentity.decode(signed);
  const message = Buffer.concat([
    DEVICE_SIGNATURE_PREFIX,
    offered.details!,
    identityKey,
    offered.accountSignatureKey!,
  ]);
  const same = Buffer.compare(Buffer.from(returned.details ?? []), Buffer.from(offered.details!));
  if (same !== 0 || !verify(identityKey, message, returned.deviceSignature ?? Buffer.alloc(0))) {
    throw new LinkError('refused', "The device's signature is wrong.");
  }
  return proto.ADVDeviceIdentity.decode(offered.details!).keyIndex ?? 1;
}
