import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UserFacingSocketConfig } from 'baileys';
import { Agent as Dispatcher } from 'undici';
import type { PhoneMessage } from '../phone/message-log.js';
import { Companion } from '../phone/test-companion.js';
import type { DeviceQueue } from '../protocol/seam.js';
import { type Sandbox, startSandbox } from '../sandbox.js';

/** Calls the control API. @throws with the answer's text when it is no success */
async function callApi<T>(
  controlUrl: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { 'content-type': 'application/json' };
  }
  const response = await fetch(`${controlUrl}/api${path}`, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

/** A sandbox in this process with a folder of its own, and bare Baileys clients on it. */
export class TestWorld {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
  sandbox!: Sandbox;
  private readonly companions: Companion[] = [];

  /** Where it notes what clients say. */
  readonly witness = join(this.dataDir, 'heard.jsonl');

  async start(port = 0): Promise<this> {
    const { dataDir, witness } = this;
    this.sandbox = await startSandbox({ dataDir, port, witness });
    return this;
  }

  /** Stops and starts the sandbox on the same port and folder. */
  async restart(): Promise<void> {
    const port = Number(new URL(this.sandbox.controlUrl).port);
    await this.sandbox.stop();
    await this.start(port);
  }

  async end(): Promise<void> {
    for (const companion of this.companions) await companion.stop();
    await this.sandbox.stop();
    rmSync(this.dataDir, { recursive: true });
  }

  api<T>(method: string, path: string, body?: unknown): Promise<T> {
    return callApi<T>(this.sandbox.controlUrl, method, path, body);
  }

  async phone(phone: string, name: string): Promise<void> {
    await this.api('POST', '/phones', { phone, name });
  }

  /** What a Baileys client is told so that it trusts the media host. */
  trusting(): Partial<UserFacingSocketConfig> {
    const ca = readFileSync(this.sandbox.server.info.media.caFile);
    const options = { dispatcher: new Dispatcher({ connect: { ca } }) };
    return {
      fetchAgent: new Agent({ ca }),
      options: options as unknown as UserFacingSocketConfig['options'],
    };
  }

  companion(config?: Partial<UserFacingSocketConfig>): Companion {
    const companion = new Companion(this.sandbox, config);
    this.companions.push(companion);
    return companion;
  }

  /** A client that the phone has scanned, open and settled. */
  async linked(phone: string, config?: Partial<UserFacingSocketConfig>): Promise<Companion> {
    const companion = this.companion(config);
    const qr = await companion.until('a QR', () => companion.qr);
    await this.api('POST', `/phones/${phone}/scan`, { qr });
    await companion.until('the connection', () => companion.state === 'open');
    await companion.until('the history', () => companion.history.length > 0);
    await this.settle();
    return companion;
  }

  settle(): Promise<unknown> {
    return this.api('POST', '/settle', {});
  }

  async send(from: string, to: string, text: string): Promise<string> {
    const { id } = await this.api<{ id: string }>('POST', `/phones/${from}/messages`, { to, text });
    return id;
  }

  async messages(phone: string): Promise<PhoneMessage[]> {
    const path = `/phones/${phone}/messages`;
    return (await this.api<{ messages: PhoneMessage[] }>('GET', path)).messages;
  }

  queue(phone: string, device: number): DeviceQueue {
    const queue = this.sandbox.server
      .queues()
      .find((one) => one.phone === phone && one.device === device);
    if (!queue) throw new Error(`no queue ${phone}:${device}`);
    return queue;
  }
}

/** Waits for a condition without events of its own. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  ms = 10_000,
): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`timed out waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
