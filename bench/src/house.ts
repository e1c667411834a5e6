import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { BareSetup, Variant } from './bare/main.js';
import { Child } from './child.js';
import type { SandboxAddress } from './sandbox-process.js';
import { ServerProcess, type ServerStart, startServerChild } from './server-process.js';

const LINKS_AT_ONCE = 4;

/**
 * What all benchmarks share: one sandbox, and numbers that are linked once, some to the server and as
 * many others to bare Baileys.
 */
export class House {
  /** Where the server's event log ended when it was stopped last. */
  private position = 0;

  private constructor(
    private readonly folder: string,
    readonly sandbox: Child,
    readonly address: SandboxAddress,
    readonly databaseUrl: string | undefined,
  ) {}

  static async open(folder: string, databaseUrl?: string): Promise<House> {
    for (const part of ['sandbox', 'server', 'bare']) mkdirSync(path.join(folder, part));
    const file = new URL('sandbox-process.js', import.meta.url);
    const sandbox = new Child('the sandbox', file, { args: [path.join(folder, 'sandbox')] });
    await sandbox.ready;
    return new House(folder, sandbox, await sandbox.ask<SandboxAddress>('address'), databaseUrl);
  }

  startServer(role?: 'api'): Promise<ServerProcess> {
    return ServerProcess.start({ ...this.serverStart(), ...(role && { role }) }, this.position);
  }

  /** One more process that runs sessions, beside a server that is the API alone. */
  async startWorker(): Promise<Child> {
    return (await startServerChild({ ...this.serverStart(), role: 'worker' })).child;
  }

  private serverStart(): ServerStart {
    const { address: sandbox, databaseUrl } = this;
    return { storageRoot: path.join(this.folder, 'server'), sandbox, databaseUrl };
  }

  async stopServer(server: ServerProcess): Promise<void> {
    this.position = await server.stop();
  }

  /** Bare Baileys in a process of its own; both variants use the same linked numbers. */
  async startBare(variant: Variant): Promise<Child> {
    const { address, folder } = this;
    const setup: BareSetup = {
      target: { wsUrl: address.wsUrl, rootPublicKey: address.rootPublicKey },
      folder: path.join(folder, 'bare'),
      controlUrl: address.controlUrl,
    };
    const file = new URL('bare/main.js', import.meta.url);
    const child = new Child(`${variant} Baileys`, file, { args: [variant, JSON.stringify(setup)] });
    await child.ready;
    return child;
  }

  /** Links numbers 0 to count-1 to the server and to bare Baileys; the server's are closed again. */
  async link(count: number): Promise<void> {
    await this.linkServer(count);
    const bare = await this.startBare('hardened');
    await inTurn(count, async (index) => {
      await this.addPhone(barePhone(index));
      await bare.ask('link', barePhone(index));
    });
    await this.sandbox.ask('settle');
    await bare.ask('close');
    await bare.stop();
  }

  /** Links numbers 0 to count-1 to the server, and closes them again. */
  async linkServer(count: number): Promise<void> {
    const server = await this.startServer();
    await inTurn(count, async (index) => {
      await this.addPhone(serverPhone(index));
      await server.link(sessionId(index), serverPhone(index));
    });
    await server.connected(count);
    await this.sandbox.ask('settle');
    await inTurn(count, (index) => server.close(sessionId(index)));
    await server.connected(0);
    await this.stopServer(server);
  }

  close(): Promise<void> {
    return this.sandbox.stop();
  }

  private addPhone(phone: string): Promise<void> {
    return addPhone(this.address, phone);
  }
}

/** A simulated phone in the sandbox. */
export async function addPhone({ controlUrl }: SandboxAddress, phone: string): Promise<void> {
  const response = await fetch(`${controlUrl}/api/phones`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ phone, name: `Phone ${phone.slice(-3)}` }),
  });
  if (!response.ok) throw new Error(`no phone ${phone}: ${await response.text()}`);
}

export const sessionId = (index: number): string => `bench-${index}`;
export const serverPhone = (index: number): string => `999110${String(index).padStart(5, '0')}`;
export const barePhone = (index: number): string => `999220${String(index).padStart(5, '0')}`;
export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, offset) => from + offset);

/** Does the work for 0 to count-1, some at a time. */
async function inTurn(count: number, work: (index: number) => Promise<void>): Promise<void> {
  const waiting = range(0, count);
  const lane = async () => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: LINKS_AT_ONCE }, lane));
}
