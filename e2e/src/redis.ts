import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';

/** A Redis of a story's own, which keeps nothing on disk. */
export interface StoryRedis {
  url: string;
  /** At once, with all that it has. */
  kill(): Promise<void>;
  /** On the same port, empty. */
  startAgain(): Promise<void>;
}

/** Starts Debian's redis-server on a free port; throws when there is none. */
export async function startRedis(): Promise<StoryRedis> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  let program = await begin(port);
  return {
    url: `redis://127.0.0.1:${port}/0`,
    async kill() {
      const ended = once(program, 'exit');
      program.kill('SIGKILL');
      await ended;
    },
    async startAgain() {
      program = await begin(port);
    },
  };
}

async function begin(port: number): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', tmpdir()];
  const program = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise<void>((resolve, reject) => {
    let printed = '';
    program.stdout.on('data', (data) => {
      printed += data;
      if (printed.includes('Ready to accept connections')) resolve();
    });
    program.once('error', reject);
    program.once('exit', () => reject(new Error(`redis-server ended:\n${printed}`)));
  });
  return program;
}
