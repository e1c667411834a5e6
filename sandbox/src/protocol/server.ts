import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { runSchedule } from '../faults/random.js';
import { Load } from '../load/load.js';
import type { ServerIdentity } from '../wire/certificate.js';
import { WireConnection } from '../wire/connection.js';
import type { ClientIntroduction } from '../wire/noise.js';
import type { Store } from '../world/store.js';
import { type DeviceRecord, deviceKey } from '../world/world.js';
import { Core, type MediaHost } from './core.js';
import { forgetDevice } from './devices.js';
import type { Fault, FaultControl, FaultKind } from './fault-kinds.js';
import { addFault } from './faults.js';
import { logIn } from './login.js';
import { attachPage } from './page-connection.js';
import { attachPhone, openPhoneStore } from './phone-connection.js';
import { describeQueues } from './queue-report.js';
import { Registrations } from './registration.js';
import type {
  Account,
  CompanionFinish,
  CompanionInfo,
  DeviceQueue,
  MediaBlobs,
  PageConnection,
  PageReceiver,
  PairingHello,
  PhoneConnection,
  PhoneReceiver,
  PhoneStore,
  PrimaryHello,
  Registration,
  SandboxInfo,
  SandboxServer,
  UnknownIq,
} from './seam.js';
import type { Witness } from './witness.js';

/** The server: what the seam promises, over the handlers of this folder. */
export class WhatsAppServer implements SandboxServer {
  readonly faults: FaultControl;
  /** Prepared stanzas in bulk, for benchmarks. */
  readonly load: Load;
  private readonly core: Core;
  private readonly registrations: Registrations;

  constructor(
    store: Store,
    private readonly identity: ServerIdentity,
    readonly info: SandboxInfo & { media: MediaHost },
    readonly blobs: MediaBlobs,
    witness?: Witness,
  ) {
    this.core = new Core(store, info.media, witness);
    this.registrations = new Registrations(this.core);
    this.load = new Load(this.core);
    const { core } = this;
    this.faults = {
      add: (request) => addFault(core, request),
      list: () => core.faults.list(),
      remove: (id) => core.faults.remove(id),
      clear: () => core.faults.clear(),
      random: (options) =>
        runSchedule(
          options,
          () => this.companions(options.phones),
          (request) => addFault(core, request),
        ),
    };
  }

  /** Takes a websocket that a client opened on `/ws/chat`. @param by what it calls itself */
  accept(socket: ConstructorParameters<typeof WireConnection>[0], by?: string): void {
    const connection = new WireConnection(socket, this.identity, by);
    connection.events = {
      introduced: (introduction) => this.introduced(connection, introduction),
      stanza: () => connection.cut('stanza before the introduction'),
      closed: () => {},
    };
  }

  /** The fault that refuses connections now, if one does; counts as a strike. */
  refusal(): Fault | undefined {
    return this.core.faults.strikes('refuse', undefined);
  }

  struckBy(kind: FaultKind): Fault | undefined {
    return this.core.faults.strikes(kind, undefined);
  }

  /** Ends all connections; the store is the caller's to close. */
  stop(): void {
    for (const link of this.core.delivery.connected()) link.end('the sandbox stopped');
  }

  createAccount(phone: string, name: string): Account {
    return accountInfo(this.core.world.createAccount(phone, name));
  }

  account(phone: string): Account | undefined {
    const account = this.core.world.account(phone);
    return account && accountInfo(account);
  }

  accounts(): Account[] {
    return this.core.world.accounts().map(accountInfo);
  }

  attachPhone(phone: string, receiver: PhoneReceiver): PhoneConnection {
    return attachPhone(this.core, phone, receiver);
  }

  attachPage(phone: string, device: number, receiver: PageReceiver): PageConnection {
    return attachPage(this.core, phone, device, receiver);
  }

  phoneStore(phone: string): PhoneStore {
    return openPhoneStore(this.core.store, phone);
  }

  findRegistration(ref: string): Registration | undefined {
    return this.registrations.find(ref);
  }

  async linkCompanion(
    phone: string,
    ref: string,
    deviceIdentity: Uint8Array,
  ): Promise<CompanionInfo> {
    return this.companionInfo(await this.registrations.link(phone, ref, deviceIdentity));
  }

  findPairing(phone: string): PairingHello | undefined {
    return this.registrations.findPairing(phone);
  }

  answerPairing(ref: string, hello: PrimaryHello): Promise<CompanionFinish> {
    return this.registrations.answerPairing(ref, hello);
  }

  devices(phone: string): CompanionInfo[] {
    const devices = this.core.world.devicesOf(phone);
    return devices.filter(({ index }) => index > 0).map((device) => this.companionInfo(device));
  }

  unlinkDevice(phone: string, index: number): boolean {
    const device = this.core.world.device(deviceKey(phone, index));
    if (!device || index === 0) return false;
    forgetDevice(this.core, device);
    return true;
  }

  queues(): DeviceQueue[] {
    return describeQueues(this.core);
  }

  committed(): Promise<void> {
    return new Promise((resolve) => this.core.store.afterCommit(resolve));
  }

  settle(timeoutMs = 10_000): Promise<void> {
    return this.core.delivery.settle(timeoutMs);
  }

  groupQueries(): number {
    return this.core.groupQueries;
  }

  unknownIqs(): UnknownIq[] {
    return [...this.core.unknownIqs];
  }

  /** Puts a stanza of the server's own (a notification, say) in the queue of a device. */
  enqueue(phone: string, device: number, stanza: BinaryNode): void {
    this.core.delivery.enqueue(deviceKey(phone, device), stanza);
  }

  private introduced(connection: WireConnection, introduction: ClientIntroduction): void {
    if (!introduction.payload.devicePairingData) {
      logIn(this.core, connection, introduction);
      return;
    }
    this.registrations.begin(connection, introduction);
  }

  private companions(phones?: string[]): { phone: string; device: number }[] {
    return (phones ?? this.accounts().map(({ phone }) => phone)).flatMap((phone) =>
      this.devices(phone)
        .filter(({ connected }) => connected)
        .map(({ device }) => ({ phone, device })),
    );
  }

  private companionInfo(device: DeviceRecord): CompanionInfo {
    const { index, keyIndex, os, platform, linkedAt } = device;
    return {
      device: index,
      jid: this.core.world.deviceJid(device, 'pn'),
      lid: this.core.world.deviceJid(device, 'lid'),
      keyIndex,
      os,
      platform,
      connected: this.core.delivery.link(device.key) !== undefined,
      linkedAt,
    };
  }
}

function accountInfo({ phone, pn, lid, name }: Account): Account {
  return { phone, pn, lid, name };
}
