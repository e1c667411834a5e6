import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Answer, Order, PlainStatement, PlainStep } from './sqlite-orders.js';
import { fromPlainError } from './sqlite-orders.js';
import type { ThreadSettings } from './sqlite-thread.js';

/** The built file, also where the rest runs from its sources: a thread starts from JavaScript. */
const FILE = createRequire(import.meta.url).resolve('#sqlite-thread');

/** Its garbage is short-lived; a large young generation would only cost memory. */
const LIMITS = { maxYoungGenerationSizeMb: 8 };

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** The process' side of one database thread. */
export class SqliteWorker {
  private readonly worker: Worker;
  private readonly open = new Map<number, Waiting>();
  private readonly ready: Promise<unknown>;
  private readonly ended: Promise<void>;
  private outgoing: Order[] = [];
  private last = 0;

  private constructor(settings: ThreadSettings) {
    this.ready = new Promise((resolve, reject) => this.open.set(0, { resolve, reject }));
    this.worker = new Worker(FILE, {
      workerData: settings,
      execArgv: [],
      resourceLimits: LIMITS,
    });
    this.worker.on('message', (answers: Answer[]) => {
      for (const answer of answers) this.settle(answer);
    });
    this.worker.on('error', (error) => this.fail(error as Error));
    this.ended = new Promise((resolve) => this.worker.once('exit', () => resolve()));
  }

  static async start(settings: ThreadSettings): Promise<SqliteWorker> {
    const thread = new SqliteWorker(settings);
    await thread.ready;
    return thread;
  }

  /** Orders that have no answer yet. */
  get busy(): number {
    return this.open.size;
  }

  commit<T>(units: PlainStep[][]): Promise<T> {
    return this.ask({ commit: units });
  }

  read(statement: PlainStatement): Promise<unknown[]> {
    return this.ask({ read: statement });
  }

  /** Finishes what it was asked, then ends. */
  async close(): Promise<void> {
    this.dispatch();
    this.worker.postMessage('close');
    await this.ended;
  }

  private ask<T>(order: Omit<Order, 'number'>): Promise<T> {
    this.last += 1;
    const number = this.last;
    return new Promise<T>((resolve, reject) => {
      this.open.set(number, { resolve: resolve as Waiting['resolve'], reject });
      this.outgoing.push({ number, ...order });
      if (this.outgoing.length === 1) queueMicrotask(() => this.dispatch());
    });
  }

  /** What was asked in one turn goes over together: waking the other side costs most of an order. */
  private dispatch(): void {
    if (this.outgoing.length === 0) return;
    this.worker.postMessage(this.outgoing);
    this.outgoing = [];
  }

  private settle({ number, result, error }: Answer): void {
    const waiting = this.open.get(number);
    this.open.delete(number);
    if (error) waiting?.reject(fromPlainError(error));
    else waiting?.resolve(result);
  }

  /** What ends a thread from inside is a defect or lack of memory: the process cannot go on without. */
  private fail(error: Error): void {
    const starting = this.open.get(0);
    for (const { reject } of this.open.values()) reject(error);
    this.open.clear();
    if (!starting) throw error;
  }
}
