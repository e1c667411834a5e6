import { Redis as Client } from 'ioredis';
import type { Logger } from 'pino';

/** The pauses between attempts to connect grow to this (ms). */
const LONGEST_PAUSE = 2000;

/** A connection that knows those that were made from it. */
class Connection extends Client {
  private readonly others: Client[] = [];

  /** BullMQ asks for further connections here: they are ended with this one, whatever they wait for. */
  override duplicate(...of: Parameters<Client['duplicate']>): Client {
    const other = super.duplicate(...of);
    // Whoever asked hears of it too; this keeps it off the console.
    other.on('error', () => undefined);
    this.others.push(other);
    return other;
  }

  endAll(): void {
    for (const one of [this, ...this.others]) one.disconnect();
  }
}

/**
 * The Redis of this instance. While it is away commands wait for it: whoever cannot wait asks
 * `connected` first. Nothing that must survive is kept there alone.
 */
export class Redis {
  /** For commands that do not block. */
  readonly client: Connection;
  private readonly listeners: (() => void)[] = [];
  private away = false;
  private closed = false;

  constructor(
    url: string,
    private readonly logger: Logger,
  ) {
    this.client = new Connection(url, {
      maxRetriesPerRequest: null,
      retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_PAUSE),
    });
    this.client.on('error', (error) => this.lost(error));
    this.client.on('close', () => this.lost());
    this.client.on('ready', () => void this.back());
  }

  get connected(): boolean {
    return this.client.status === 'ready';
  }

  /** Calls back each time that Redis is there again, perhaps empty. */
  onReady(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Ends all connections at once; commands that wait are refused. */
  close(): void {
    this.closed = true;
    this.client.endAll();
  }

  private lost(error?: Error): void {
    if (this.away || this.closed) return;
    this.away = true;
    this.logger.warn(
      { reason: error?.message ?? 'the connection was closed' },
      'Redis is away: jobs wait until it is back, nothing is lost',
    );
  }

  private async back(): Promise<void> {
    if (this.away) this.logger.info('Redis is there again');
    this.away = false;
    for (const listener of this.listeners) listener();
    try {
      const [, policy] = (await this.client.config('GET', 'maxmemory-policy')) as string[];
      if (policy === undefined || policy === 'noeviction') return;
      this.logger.warn(
        { policy },
        'Redis may throw queues away: set its maxmemory-policy to noeviction',
      );
    } catch {
      // Hosted ones do not let anybody ask.
    }
  }
}
