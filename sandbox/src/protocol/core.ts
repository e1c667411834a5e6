import type { BinaryNode } from 'baileys/lib/WABinary/index.js';
import { FaultBoard } from '../faults/board.js';
import { AppState } from '../world/app-state.js';
import { Groups } from '../world/groups.js';
import { PreKeys } from '../world/prekeys.js';
import { Queues } from '../world/queues.js';
import type { Store } from '../world/store.js';
import { Watchers } from '../world/watchers.js';
import { type DeviceRecord, nowSeconds, World } from '../world/world.js';
import { Delivery } from './delivery.js';
import type { UnknownIq } from './seam.js';
import { ToldReceipts } from './told-receipts.js';
import type { Witness } from './witness.js';

/** Where clients find the media host; filled in once it listens. */
export interface MediaHost {
  /** `host:port` */
  host: string;
  /** Keeps bytes under a name of 16 or more letters, to be had at `/v/<name>`. */
  put(name: string, bytes: Uint8Array): void;
}

/** What the stanza handlers share. */
export class Core {
  readonly world: World;
  readonly preKeys: PreKeys;
  readonly groups: Groups;
  readonly appState: AppState;
  readonly watchers: Watchers;
  readonly queues: Queues;
  readonly delivery: Delivery;
  readonly faults = new FaultBoard();
  readonly toldReceipts = new ToldReceipts();
  readonly unknownIqs: UnknownIq[] = [];
  /** Questions of companions for one group's data. */
  groupQueries = 0;
  /** Phone → when its account was last seen (seconds), while none of its devices is available. */
  readonly lastSeen = new Map<string, number>();
  private sequence = 0;
  private readonly run = Date.now().toString(36);

  constructor(
    readonly store: Store,
    readonly media: MediaHost,
    readonly witness?: Witness,
  ) {
    this.world = new World(store);
    this.preKeys = new PreKeys(store);
    this.groups = new Groups(store);
    this.appState = new AppState(store);
    this.watchers = new Watchers(store);
    this.queues = new Queues(store);
    this.delivery = new Delivery(store, this.queues, this.faults);
  }

  /** An id for a stanza of the server's own, never used twice. */
  newId(): string {
    return `${this.run}.${++this.sequence}`;
  }

  /** Seconds since 1970, as attributes have it. */
  time(): string {
    return String(nowSeconds());
  }

  /** Queues a stanza for all devices of an account, `except` one. */
  enqueueForAccount(phone: string, stanza: BinaryNode, author?: string, except?: string): void {
    for (const device of this.world.devicesOf(phone)) {
      if (device.key !== except) this.delivery.enqueue(device.key, stanza, author);
    }
  }

  /** Answers a device, if it is still connected, after the commit of this turn. */
  answer(device: DeviceRecord, stanza: BinaryNode): void {
    const link = this.delivery.link(device.key);
    if (link) this.delivery.answer(link, stanza);
  }
}
