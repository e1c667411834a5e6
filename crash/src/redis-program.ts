import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** Debian's package `redis-server` brings it. */
const PROGRAM = 'redis-server';
const START_WITHIN = 60_000;

/** A Redis of the run's own that keeps nothing on disk: killed and started again it is empty. */
export class RedisProgram {
  private starts = 0;
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {
    process.on('exit', () => this.child?.kill('SIGKILL'));
  }

  static async open(folder: string): Promise<RedisProgram> {
    const redis = new RedisProgram(folder, await freePort());
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    this.starts += 1;
    const { port, folder } = this;
    const logFile = join(folder, `redis-${String(this.starts).padStart(3, '0')}.log`);
    const log = openSync(logFile, 'wx');
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
    const child = spawn(PROGRAM, args, { stdio: ['ignore', log, log] });
    closeSync(log);
    this.child = child;
    const [failed] = await Promise.race([
      once(child, 'error'),
      once(child, 'exit').then(() => [new Error(`${PROGRAM} ended`)]),
      until('Redis answers', () => isReady(logFile), START_WITHIN).then(() => []),
    ]);
    if (failed) throw new Error(`${failed.message}:\n${readFileSync(logFile, 'utf8')}`);
  }

  /** As a power switch would. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

function isReady(logFile: string): true | undefined {
  return readFileSync(logFile, 'utf8').includes('Ready to accept connections') || undefined;
}
