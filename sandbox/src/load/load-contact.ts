import { randomBytes } from 'node:crypto';
import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { proto } from 'baileys/WAProto/index.js';
import { SignalPeer } from '../phone/signal-peer.js';
import { loadSignalIdentity, SignalState } from '../phone/signal-state.js';
import type { Account, PhoneConnection, SandboxServer } from '../protocol/seam.js';
import { bytesOf, childOf, childrenOf, node, uintBytes, uintOf } from '../protocol/stanza.js';
import { parseJid, SERVER, withDevice } from '../world/jid.js';
import type { LoadBatch } from './load.js';

const PREKEYS = 200;
const TYPE_BYTE = Buffer.of(5);

/**
 * A contact that exists to be written to and to write, fast: its Signal state is in memory and ends
 * with the process. Until it has read a message of a device, what it writes to that device is
 * `pkmsg`; afterwards `msg`, as in a conversation.
 */
export class LoadContact {
  private readonly signal: SignalPeer;
  private readonly state: SignalState;
  private readonly connection: PhoneConnection;
  /** Told of each message when it comes, before it is read. */
  onMessage: ((id: string) => void) | undefined;
  private steps: Promise<unknown> = Promise.resolve();
  private readonly heard = new Set<string>();
  private onHeard: (() => void)[] = [];

  private constructor(
    server: SandboxServer,
    readonly account: Account,
  ) {
    const records = new Map<string, Uint8Array>();
    const store = {
      get: (key: string) => records.get(key),
      set: (key: string, value: Uint8Array | null) => {
        if (value) records.set(key, value);
        else records.delete(key);
      },
    };
    this.state = new SignalState(loadSignalIdentity(store), store);
    this.signal = new SignalPeer(this.state);
    this.connection = server.attachPhone(account.phone, {
      receive: (stanza) => {
        if (stanza.tag === 'message') this.onMessage?.(stanza.attrs.id ?? '');
        return this.step(() => this.receive(stanza));
      },
    });
  }

  /** Makes (or takes over) the account and publishes fresh keys for it. */
  static async open(server: SandboxServer, phone: string): Promise<LoadContact> {
    const contact = new LoadContact(server, server.createAccount(phone, 'Load'));
    await contact.publish();
    return contact;
  }

  /** Encrypts messages for a device; `run` them in the order of the calls. */
  prepare(to: Account, device: number, texts: string[]): Promise<LoadBatch> {
    return this.step(async () => {
      const address = { user: parseJid(to.lid)!.user, device };
      if (!this.signal.hasSession(address)) await this.startSession(to, device);
      const stanzas: BinaryNode[] = [];
      for (const text of texts) {
        const message = proto.Message.encode({ conversation: text }).finish();
        const { type, ciphertext } = await this.signal.encrypt(address, message);
        stanzas.push(
          node('message', this.attrs(), [node('enc', { v: '2', type }, Buffer.from(ciphertext))]),
        );
      }
      return { phone: to.phone, device, stanzas };
    });
  }

  /** Resolves when this contact has read a message of that device. */
  async hasHeard(from: Account, device: number): Promise<void> {
    const jid = withDevice(from.lid, device);
    while (!this.heard.has(jid)) await new Promise<void>((next) => this.onHeard.push(next));
  }

  close(): void {
    this.connection.detach();
  }

  private attrs(): Record<string, string> {
    return {
      from: this.account.lid,
      sender_pn: this.account.pn,
      addressing_mode: 'lid',
      id: `3EB0${randomBytes(9).toString('hex').toUpperCase()}`,
      type: 'text',
      t: String(Math.floor(Date.now() / 1000)),
      notify: this.account.name,
    };
  }

  private step<T>(work: () => Promise<T>): Promise<T> {
    const done = this.steps.then(work);
    this.steps = done.catch(() => undefined);
    return done;
  }

  private async receive({ tag, attrs, content }: BinaryNode): Promise<void> {
    const { id, from, participant, type } = attrs;
    if (tag === 'receipt' || tag === 'notification' || tag === 'call') {
      this.connection.send(node('ack', { class: tag, id, to: from, participant, type }));
    }
    if (tag !== 'message') return;
    const address = parseJid(attrs.sender_lid ?? from)!;
    const author = { user: address.user, device: parseJid(from)!.device };
    for (const enc of childrenOf({ tag, attrs, content }, 'enc')) {
      const read = await this.signal.decrypt(author, enc.attrs.type ?? '', bytesOf(enc)!).then(
        () => true,
        () => false,
      );
      if (read) this.heard.add(withDevice(`${author.user}@lid`, author.device));
    }
    this.connection.send(node('receipt', { id, to: from, participant }));
    for (const next of this.onHeard.splice(0)) next();
  }

  private async startSession(to: Account, device: number): Promise<void> {
    const asked = node('key', {}, [node('user', { jid: withDevice(to.lid, device) })]);
    const attrs = { to: SERVER, type: 'get', xmlns: 'encrypt' };
    const answer = await this.connection.request(node('iq', attrs, [asked]));
    const user = childOf(childOf(answer, 'list'), 'user');
    const identity = bytesOf(childOf(user, 'identity'));
    const skey = childOf(user, 'skey');
    const key = childOf(user, 'key');
    if (!identity || !skey) throw new Error(`device ${to.phone}:${device} has published no keys`);
    const read = (one: BinaryNode) => ({
      keyId: uintOf(childOf(one, 'id'))!,
      publicKey: Buffer.concat([TYPE_BYTE, bytesOf(childOf(one, 'value'))!]),
    });
    await this.signal.startSession(
      { user: parseJid(to.lid)!.user, device },
      {
        registrationId: uintOf(childOf(user, 'registration'))!,
        identityKey: Buffer.concat([TYPE_BYTE, identity]),
        signedPreKey: { ...read(skey), signature: bytesOf(childOf(skey, 'signature'))! },
        ...(key ? { preKey: read(key) } : {}),
      },
    );
  }

  private async publish(): Promise<void> {
    const { identity, registrationId, signedPreKey } = this.state.own;
    const raw = (tag: string, bytes: Uint8Array) => node(tag, {}, Buffer.from(bytes));
    const key = (id: number, publicKey: Uint8Array) => [
      raw('id', uintBytes(id, 3)),
      raw('value', publicKey.subarray(1)),
    ];
    const preKeys = this.state.createPreKeys(1, PREKEYS);
    const attrs = { to: SERVER, type: 'set', xmlns: 'encrypt' };
    await this.connection.request(
      node('iq', attrs, [
        raw('registration', uintBytes(registrationId, 4)),
        raw('type', TYPE_BYTE),
        raw('identity', identity.pubKey.subarray(1)),
        node(
          'list',
          {},
          preKeys.map((one) => node('key', {}, key(one.keyId, one.keyPair.pubKey))),
        ),
        node('skey', {}, [
          ...key(signedPreKey.keyId, signedPreKey.keyPair.pubKey),
          raw('signature', signedPreKey.signature),
        ]),
      ]),
    );
  }
}
