import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

/** Bounds (ms) that a slow machine alone does not reach. */
const STOP_WITHIN = 60_000;
const START_WITHIN = 180_000;

export interface ProgramOptions {
  args?: string[];
  env?: Record<string, string>;
  /** A new file, for all that it prints. */
  logFile: string;
}

/** Nothing of ours outlives us. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

/** A program of ours in a process of its own, as its users start it. */
export class Program {
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;

  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
    readonly logFile: string,
  ) {
    running.add(child);
    this.ended = once(child, 'exit').then(() => {
      running.delete(child);
    });
  }

  /** @param main its main file, relative to the project's folder */
  static start(main: string, { args = [], env = {}, logFile }: ProgramOptions): Program {
    // To a file, not a pipe: what it printed just before its death is not lost with it.
    const log = openSync(logFile, 'wx');
    const file = fileURLToPath(new URL(`../../${main}`, import.meta.url));
    const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
    const child = spawn(process.execPath, [file, ...args], {
      env: { PATH, HOME, NODE_COMPILE_CACHE, ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    return new Program(main, child, logFile);
  }

  get isGone(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** How it ended: a signal, or an exit code. */
  get ending(): string {
    return this.child.signalCode ?? `exit code ${this.child.exitCode}`;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get printed(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Resolves with the address in its ready line, or undefined when it died before. */
  async ready(): Promise<string | undefined> {
    const url = await until(
      `${this.name} listens`,
      () => {
        const found = / is listening on (http:\/\/[^\s")]+)/.exec(this.printed)?.[1];
        return found ?? (this.isGone ? null : undefined);
      },
      START_WITHIN,
    );
    return url ?? undefined;
  }

  /** Has it stand still, or go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    if (!this.isGone) this.child.kill(signal);
  }

  /** As a power switch would. */
  async kill(): Promise<void> {
    if (!this.isGone) this.child.kill('SIGKILL');
    await this.ended;
  }

  /** In order; by force when it takes too long. */
  async stop(): Promise<void> {
    if (!this.isGone) this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_WITHIN);
    await this.ended;
    clearTimeout(timer);
  }
}
