// Before the sandbox, which brings libsignal with it.
import '@patchbay/hardening';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '@patchbay/sandbox';
import type { EngineFactory, WhatsAppEndpoint } from '../engine.js';
import type { BasicWorld, Linked } from './contract-basics.js';
import { type Connected, TestSession, until } from './engine-contract-host.js';

interface PhoneMessage {
  id: string;
  from: string;
  to: string;
  text: string;
  status: string;
  deliveries: number;
}

let nextPhone = 99911000001;

/** What engines differ in, beside their abilities. */
export interface EngineTraits {
  /** Speaks WhatsApp's protocol itself; another leaves that to WhatsApp's own page. */
  speaksTheWire: boolean;
  /** A connection costs so much that tests share one, as long as they leave it open. */
  isCostly: boolean;
}

const ON_THE_WIRE: EngineTraits = { speaksTheWire: true, isCostly: false };

/** A sandbox and simulated phones, and engines on them. */
export class EngineWorld implements BasicWorld {
  readonly #folder = mkdtempSync(join(tmpdir(), 'engine-contract-'));
  readonly #engines: Connected[] = [];
  #shared: (Connected & { phone: string }) | undefined;
  sandbox!: Sandbox;
  factory!: EngineFactory;

  constructor(
    private readonly make: (sandbox: Sandbox, folder: string) => EngineFactory,
    readonly traits: EngineTraits = ON_THE_WIRE,
  ) {}

  async start(port = 0): Promise<void> {
    this.sandbox = await startSandbox({ dataDir: join(this.#folder, 'sandbox'), port });
    this.factory = this.make(this.sandbox, join(this.#folder, 'browsers'));
  }

  async stop(): Promise<void> {
    await this.closeEngines();
    await this.#shared?.engine.disconnect();
    const { unknownModules } = await this.api<{ unknownModules: string[] }>(
      'GET',
      '/unknown-modules',
    );
    await this.sandbox.stop();
    rmSync(this.#folder, { recursive: true, force: true });
    // The stand-in page must have all that is asked of it, else what passes here says nothing.
    if (unknownModules.length > 0) throw new Error(`not in the page: ${unknownModules}`);
  }

  async closeEngines(): Promise<void> {
    await Promise.all(this.#engines.splice(0).map(({ engine }) => engine.disconnect()));
  }

  get endpoint(): WhatsAppEndpoint {
    const { media } = this.sandbox.server.info;
    return {
      webSocketUrl: this.sandbox.wsUrl,
      noiseRootKey: Buffer.from(this.sandbox.rootPublicKey, 'hex'),
      mediaHost: media.host,
      mediaCa: readFileSync(media.caFile, 'utf8'),
    };
  }

  async api<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.sandbox.controlUrl}/api${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  settle(): Promise<unknown> {
    return this.api('POST', '/settle', {});
  }

  /** A new simulated phone. @returns its number in digits */
  async phone(name = 'Somebody'): Promise<string> {
    const phone = String(nextPhone++);
    await this.api('POST', '/phones', { phone, name });
    return phone;
  }

  messagesOf(phone: string): Promise<PhoneMessage[]> {
    return this.api<{ messages: PhoneMessage[] }>('GET', `/phones/${phone}/messages`).then(
      ({ messages }) => messages,
    );
  }

  /** The message with this text on a phone; waits for it. */
  messageOn(phone: string, text: string, status?: string): Promise<PhoneMessage> {
    return until(`message "${text}" ${status ?? ''} on ${phone}`, 10_000, async () =>
      (await this.messagesOf(phone)).find(
        (message) => message.text === text && (!status || message.status === status),
      ),
    );
  }

  session(id: string, endpoint: Partial<WhatsAppEndpoint> = {}): TestSession {
    return new TestSession(id, { ...this.endpoint, ...endpoint });
  }

  /** A new connection of the session. */
  async connect(session: TestSession): Promise<Connected> {
    const connected = { session, engine: this.factory(session.host()) };
    if (session === this.#shared?.session) this.#shared.engine = connected.engine;
    else this.#engines.push(connected);
    await connected.engine.connect();
    return connected;
  }

  /** A session that a phone has linked, up to `connected`, and with its first history. */
  async linked(phone: string): Promise<Connected> {
    const session = this.session(phone);
    const first = await this.connect(session);
    const { code } = await session.event('qr');
    await this.api('POST', `/phones/${phone}/scan`, { qr: code });
    if (this.traits.speaksTheWire) await session.event('disconnected');
    const connected = this.traits.speaksTheWire ? await this.connect(session) : first;
    await session.event('connected');
    await session.event('history-sync');
    await this.settle();
    return connected;
  }

  /** A linked session and somebody new; where connections are costly, one that other tests had. */
  async linkedWithFriend(names = { own: 'Somebody', friend: 'Friend' }): Promise<Linked> {
    const friend = await this.phone(names.friend);
    if (this.traits.isCostly) return { ...(await this.#open()), friend };
    const phone = await this.phone(names.own);
    return { ...(await this.linked(phone)), phone, friend };
  }

  async #open() {
    const end = this.#shared?.session.events.find((event) => event.type === 'disconnected');
    if (end?.cause === 'logged-out') this.#shared = undefined;
    if (!this.#shared) {
      const phone = await this.phone();
      this.#shared = { ...(await this.linked(phone)), phone };
      const { engine } = this.#shared;
      this.#engines.splice(
        this.#engines.findIndex((other) => other.engine === engine),
        1,
      );
    }
    const { session } = this.#shared;
    if (end && session.events.includes(end)) {
      session.refuseEvents = false;
      await this.connect(session);
      await session.event('groups');
    }
    // What it has still to tell of before.
    await this.#shared.engine.ping();
    session.events.length = 0;
    return this.#shared;
  }

  friendWrites({ phone, friend }: Linked, text: string): Promise<unknown> {
    return this.api('POST', `/phones/${friend}/messages`, { to: phone, text });
  }

  async friendHas({ friend }: Linked, text: string): Promise<number> {
    await this.messageOn(friend, text);
    return (await this.messagesOf(friend)).filter((message) => message.text === text).length;
  }

  fault(kind: string, phone: string, more: Record<string, unknown> = {}): Promise<unknown> {
    return this.api('POST', '/faults', { kind, phone, ...more });
  }
}

/** A person's jid by phone number. */
export const pn = (phone: string) => `${phone}@s.whatsapp.net`;
