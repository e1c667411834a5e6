// Before the sandbox, which brings libsignal with it.
import '@patchbay/hardening';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '@patchbay/sandbox';
import type { EngineFactory, WhatsAppEndpoint } from '../engine.js';
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

/** A sandbox and simulated phones, and engines on them. */
export class EngineWorld {
  readonly #folder = mkdtempSync(join(tmpdir(), 'engine-contract-'));
  readonly #engines: Connected[] = [];
  sandbox!: Sandbox;

  constructor(readonly factory: EngineFactory) {}

  async start(port = 0): Promise<void> {
    this.sandbox = await startSandbox({ dataDir: this.#folder, port });
  }

  async stop(): Promise<void> {
    await this.closeEngines();
    await this.sandbox.stop();
    rmSync(this.#folder, { recursive: true, force: true });
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
    this.#engines.push(connected);
    await connected.engine.connect();
    return connected;
  }

  /** A session that a phone has linked, up to `connected`, and with its first history. */
  async linked(phone: string): Promise<Connected> {
    const session = this.session(phone);
    await this.connect(session);
    const { code } = await session.event('qr');
    await this.api('POST', `/phones/${phone}/scan`, { qr: code });
    await session.event('disconnected');
    const connected = await this.connect(session);
    await session.event('connected');
    await session.event('history-sync');
    await this.settle();
    return connected;
  }

  fault(kind: string, phone: string, more: Record<string, unknown> = {}): Promise<unknown> {
    return this.api('POST', '/faults', { kind, phone, ...more });
  }
}

/** A person's jid by phone number. */
export const pn = (phone: string) => `${phone}@s.whatsapp.net`;
