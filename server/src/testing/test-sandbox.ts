// Before the sandbox, which brings libsignal with it.
import '@patchbay/hardening';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '@patchbay/sandbox';
import { startSandbox } from '@patchbay/sandbox';
import { plant, plantAll } from './captured-logs.js';

/** Where a sandbox is, in this process or in another. */
export interface SandboxAddress {
  wsUrl: string;
  rootPublicKey: string;
  controlUrl: string;
  media: { host: string; caFile: string };
  webPage?: { host: string; spki: string };
}

/** A sandbox for tests, with its control API as functions. */
export class TestSandbox {
  private constructor(
    readonly address: SandboxAddress,
    readonly stop: () => Promise<void>,
  ) {}

  /** A new sandbox in this process. */
  static async start(): Promise<TestSandbox> {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-sandbox-'));
    const sandbox: Sandbox = await startSandbox({ dataDir: folder, port: 0 });
    const { media, webPage } = sandbox.server.info;
    return new TestSandbox({ ...sandbox, media, webPage }, async () => {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    });
  }

  /** One that runs in another process. */
  static async at(controlUrl: string): Promise<TestSandbox> {
    const answer = await fetch(`${controlUrl}/api/info`);
    const info = (await answer.json()) as Omit<SandboxAddress, 'controlUrl'>;
    return new TestSandbox({ ...info, controlUrl }, async () => undefined);
  }

  private nextPhone = 99_900_001_000;

  /** A new simulated phone; its number in digits. */
  async phone(name = 'Someone'): Promise<string> {
    const phone = String(this.nextPhone++);
    await this.call('POST', '/api/phones', { phone, name });
    plant(phone);
    return phone;
  }

  async call<Body = unknown>(method: string, path: string, body?: object): Promise<Body> {
    const answer = await fetch(`${this.address.controlUrl}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(`sandbox ${method} ${path}: ${JSON.stringify(said)}`);
    return said as Body;
  }

  /** Writes from a phone; resolves with the message id. */
  async write(phone: string, message: object): Promise<string> {
    plantAll(message);
    const { id } = await this.call<{ id: string }>(
      'POST',
      `/api/phones/${phone}/messages`,
      message,
    );
    return id;
  }

  /** The LID jid of a phone. */
  async lidOf(phone: string): Promise<string> {
    const { phones } = await this.call<{ phones: { phone: string; lid: string }[] }>(
      'GET',
      '/api/phones',
    );
    return phones.find((one) => one.phone === phone)?.lid ?? '';
  }

  async messagesOf(phone: string): Promise<SandboxMessage[]> {
    const path = `/api/phones/${phone}/messages`;
    return (await this.call<{ messages: SandboxMessage[] }>('GET', path)).messages;
  }
}

export interface SandboxMessage {
  id: string;
  from: string;
  to: string;
  text: string;
  status: string;
  deliveries: number;
}
