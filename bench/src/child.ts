import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Memory, Spent } from './measured.js';
import type { Answer, Request } from './requests.js';

const MEASURED = new URL('measured.js', import.meta.url).href;
/** What the server is started with counts for all that is measured beside it. */
const SERVER_PACKAGE = '../../server/package.json';
const { nodeFlags } = createRequire(import.meta.url)(SERVER_PACKAGE).config as {
  nodeFlags: string[];
};
const STOP_WITHIN_MS = 15_000;

export interface ChildOptions {
  args?: string[];
  env?: NodeJS.ProcessEnv;
  /** Hears each line of the standard output; without it, output is dropped. */
  onOutput?: (text: string) => void;
}

/** A program under measurement, in a process of its own. */
export class Child {
  private readonly process: ChildProcess;
  private readonly open = new Map<number, (answer: Answer) => void>();
  private nextId = 1;
  /** Resolves when the program says that it takes commands (an answer to command 0). */
  readonly ready: Promise<void>;
  /** Resolves when the process is gone. */
  readonly ended: Promise<undefined>;
  /** When it was started (ms, as `performance.now`). */
  readonly startedAt = performance.now();

  constructor(
    private readonly name: string,
    file: URL | string,
    { args = [], env = process.env, onOutput }: ChildOptions = {},
  ) {
    this.process = fork(fileURLToPath(file), args, {
      env,
      execArgv: [...nodeFlags, '--expose-gc', '--import', MEASURED],
      stdio: ['ignore', onOutput ? 'pipe' : 'ignore', 'inherit', 'ipc'],
    });
    this.ready = new Promise((resolve, reject) => {
      this.open.set(0, ({ error }) => (error ? reject(new Error(error)) : resolve()));
    });
    // Programs that announce themselves otherwise never say so.
    this.ready.catch(() => undefined);
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => onOutput?.(text));
    this.process.on('message', (answer: Answer) => {
      this.open.get(answer.id)?.(answer);
      this.open.delete(answer.id);
    });
    this.ended = once(this.process, 'exit').then(() => undefined);
    this.process.once('exit', (code, signal) => {
      const error = `${name} ended (${signal ?? `exit code ${code}`})`;
      for (const [id, settle] of this.open) settle({ id, error });
      this.open.clear();
    });
  }

  get pid(): number {
    const { pid } = this.process;
    if (pid === undefined) throw new Error(`${this.name} does not run`);
    return pid;
  }

  /** Sends a command and resolves with its result. */
  ask<T>(command: string, argument?: unknown): Promise<T> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      if (this.isGone) return reject(new Error(`${this.name} has ended`));
      this.open.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result as T);
        else reject(new Error(error));
      });
      this.process.send({ id, command, argument } satisfies Request);
    });
  }

  /** The lowest of several readings, each after a collection. */
  measure(readings: number, pauseMs: number): Promise<Memory> {
    return this.ask('measure', { readings, pauseMs });
  }

  /** What the process spends from now on is counted. */
  startSpending(): Promise<void> {
    return this.ask('startSpending');
  }

  /** What it has spent since `startSpending`. */
  spent(): Promise<Spent> {
    return this.ask('spent');
  }

  async stop(): Promise<void> {
    if (this.isGone) return;
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), STOP_WITHIN_MS);
    await this.ended;
    clearTimeout(timer);
  }

  private get isGone(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }
}
