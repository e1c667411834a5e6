import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis as Client } from 'ioredis';

/** Debian's package `redis-server` brings it. */
const PROGRAM = 'redis-server';

/** Whether this machine has a redis-server; without, what needs one is skipped, and .ci/run fails. */
export const hasRedis = spawnSync(PROGRAM, ['--version']).status === 0;

/** A Redis of a test's own that keeps nothing on disk: killed and started again it is empty. */
export class TestRedis {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<TestRedis> {
    const redis = new TestRedis(await freePort(), mkdtempSync(join(tmpdir(), 'patchbay-redis-')));
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const { port, folder } = this;
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
    const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      let printed = '';
      child.stdout.on('data', (data) => {
        printed += data;
        if (printed.includes('Ready to accept connections')) resolve();
      });
      child.once('exit', () => reject(new Error(`${PROGRAM} ended:\n${printed}`)));
    });
  }

  /** Ends it at once, with all that it has. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.removeAllListeners('exit');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async flush(): Promise<void> {
    await this.ask((client) => client.flushall());
  }

  /** Asks it something over a connection of its own. */
  async ask<Answer>(question: (client: Client) => Promise<Answer>): Promise<Answer> {
    const client = new Client(this.url);
    try {
      return await question(client);
    } finally {
      client.disconnect();
    }
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
