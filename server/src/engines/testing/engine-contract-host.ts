import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import type {
  AuthStore,
  Engine,
  EngineHost,
  EngineSettings,
  KeyEntry,
  OpenedCiphertext,
  StanzaJournal,
  WhatsAppEndpoint,
} from '../engine.js';
import type { EngineEvent, EngineEventOf, EngineGroup } from '../engine-events.js';

/** A journal in memory. */
class MemoryJournal implements StanzaJournal {
  readonly openedCiphertexts = new Map<string, Uint8Array>();
  readonly stanzas = new Map<string, Uint8Array>();

  async plaintext(digest: string): Promise<Uint8Array | undefined> {
    return this.openedCiphertexts.get(digest);
  }

  async keep(id: string, stanza: Uint8Array): Promise<void> {
    this.stanzas.set(id, stanza);
  }

  async kept(): Promise<{ id: string; stanza: Uint8Array }[]> {
    return [...this.stanzas].map(([id, stanza]) => ({ id, stanza }));
  }

  async forget(names: readonly string[]): Promise<void> {
    for (const name of names) {
      this.openedCiphertexts.delete(name);
      this.stanzas.delete(name);
    }
  }

  async forgetOpenedBefore(): Promise<void> {
    this.openedCiphertexts.clear();
  }
}

/** A credential store in memory, which can be told to fail. */
export class MemoryAuthStore implements AuthStore {
  constructor(private readonly journal = new MemoryJournal()) {}

  readonly rows = new Map<string, Uint8Array>();
  failing = false;
  reads = 0;
  writes = 0;

  async read(kind: string, ids: readonly string[]): Promise<Map<string, Uint8Array>> {
    this.reads++;
    this.#check();
    const found = new Map<string, Uint8Array>();
    for (const id of ids) {
      const value = this.rows.get(`${kind}/${id}`);
      if (value) found.set(id, value);
    }
    return found;
  }

  async write(entries: readonly KeyEntry[], opened?: OpenedCiphertext): Promise<void> {
    this.writes++;
    this.#check();
    for (const { kind, id, value } of entries) {
      if (value) this.rows.set(`${kind}/${id}`, Buffer.from(value));
      else this.rows.delete(`${kind}/${id}`);
    }
    if (opened) this.journal.openedCiphertexts.set(opened.digest, opened.plaintext);
  }

  async clear(): Promise<void> {
    this.#check();
    this.rows.clear();
  }

  #check(): void {
    if (this.failing) throw new Error('The disk is full');
  }
}

/** What a session is to its engines: credentials and messages outlive each connection. */
export class TestSession {
  readonly journal = new MemoryJournal();
  readonly auth = new MemoryAuthStore(this.journal);
  readonly messages = new Map<string, Uint8Array>();
  readonly groups = new Map<string, EngineGroup>();
  settings: EngineSettings = {
    markOnline: false,
    historyDepth: 'recent',
    ignoreStatus: false,
    ignoreGroups: false,
    ignoreChannels: false,
  };
  /** Events of the present connection. */
  events: EngineEvent[] = [];
  /** All of the session, over all its connections. */
  readonly history: EngineEvent[] = [];
  refuseEvents = false;
  /** Set: events are stored when it resolves. */
  storing: Promise<void> | undefined;

  constructor(
    readonly sessionId: string,
    readonly endpoint: WhatsAppEndpoint,
  ) {}

  /** The host of a new connection. */
  host(): EngineHost {
    const events: EngineEvent[] = [];
    this.events = events;
    return {
      sessionId: this.sessionId,
      oursFor: () => Number.POSITIVE_INFINITY,
      auth: this.auth,
      journal: this.journal,
      endpoint: this.endpoint,
      deviceName: 'Patchbay',
      settings: this.settings,
      logger: pino({ level: 'silent' }),
      sentMessage: async (id) => this.messages.get(id),
      outgoingFile: async () => undefined,
      group: async (jid) => this.groups.get(jid),
      emit: async (event) => {
        await (this.storing ?? delay(0));
        if (this.refuseEvents && event.type !== 'disconnected') throw new Error('The disk is full');
        events.push(event);
        this.history.push(event);
        if (event.type === 'groups') {
          for (const group of event.groups) this.groups.set(group.jid, group);
        }
        if (event.type === 'message') this.messages.set(event.message.id, event.message.raw);
      },
    };
  }

  /** The first event of this connection that fits; waits for it. */
  async event<Type extends EngineEvent['type']>(
    type: Type,
    fits: (event: EngineEventOf<Type>) => boolean = () => true,
    timeoutMs = 10_000,
  ): Promise<EngineEventOf<Type>> {
    const events = this.events;
    return until(`${type} event of ${this.sessionId}`, timeoutMs, () =>
      events.find(
        (event): event is EngineEventOf<Type> =>
          event.type === type && fits(event as EngineEventOf<Type>),
      ),
    );
  }

  count(type: EngineEvent['type']): number {
    return this.events.filter((event) => event.type === type).length;
  }
}

/** Polls until there is a value. @throws naming what did not come in time */
export async function until<T>(
  what: string,
  timeoutMs: number,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`In ${timeoutMs} ms there was no ${what}`);
    await delay(5);
  }
}

/** An engine with its session, for tests that hold several. */
export interface Connected {
  session: TestSession;
  engine: Engine;
}
