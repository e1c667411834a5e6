import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Logger } from 'pino';
import { within } from '../within.js';

const CHANNEL = 'patchbay';
/** PostgreSQL takes payloads of less than 8000 bytes. */
const MAX_PAYLOAD = 7900;
/** Notices that wait for a connection; beyond, others are told that they have missed something. */
const MAX_WAITING = 2000;
/** The pauses between attempts to connect grow to this (ms). */
const LONGEST_PAUSE = 2000;
/** So often it is found out whether the connection still answers, and how long that may take (ms). */
const PROBE_EVERY = 5000;
const PROBE_WITHIN = 5000;

/** In place of notices that were too many to keep. */
const MISSED = 'missed';

/**
 * What processes on one database tell each other, by LISTEN and NOTIFY on a connection of its own.
 * Nothing here is kept: a notice may be lost, and who hears `missed` must look for itself.
 */
export class PostgresNotices {
  /** Our own notices come back to us, too. */
  private readonly sender = randomBytes(6).toString('hex');
  private readonly heard = new EventEmitter().setMaxListeners(0);
  private waiting = new Set<string>();
  private client: pg.Client | undefined;
  private running: Promise<void> | undefined;
  private flushing = false;
  private closed = false;
  /** Nobody is there to be told anything. */
  private alone = false;
  private received = 0;
  private wakeUp: (() => void) | undefined;

  constructor(
    private readonly url: string,
    private readonly logger: Logger,
  ) {}

  /** Calls back on what other processes tell; connects with the first listener. Returns how to stop. */
  hear(listener: (notice: string) => void): () => void {
    this.heard.on('notice', listener);
    this.running ??= this.stayConnected();
    return () => this.heard.off('notice', listener);
  }

  /** Calls back when notices may have been lost: also when listening has just begun. */
  onMissed(listener: () => void): () => void {
    this.heard.on(MISSED, listener);
    return () => this.heard.off(MISSED, listener);
  }

  /** Tells all other processes; what is told in one turn of the event loop goes together. */
  tell(notice: string): void {
    if (this.closed || this.alone || Buffer.byteLength(notice) > MAX_PAYLOAD / 2) return;
    if (this.waiting.size >= MAX_WAITING) this.waiting = new Set([MISSED]);
    this.waiting.add(notice);
    if (this.flushing || !this.client) return;
    this.flushing = true;
    setImmediate(() => void this.flush());
  }

  /** A process is gone, and with it what it had not told yet: everybody looks, here and elsewhere. */
  missed(): void {
    this.alone = false;
    this.heard.emit(MISSED);
    this.tell(MISSED);
  }

  /**
   * Spares the telling while there is no other process. Whoever comes says so when it has begun to
   * listen, and looks for itself then.
   * @param others whether there are any, as far as the database knows
   */
  async lookAround(others: () => Promise<boolean>): Promise<void> {
    const { received } = this;
    const alone = !(await others());
    if (!alone) this.notAlone();
    else if (received === this.received) this.alone = true;
  }

  /** What was not told while nobody seemed to be there is looked for by whoever came meanwhile. */
  private notAlone(): void {
    if (!this.alone) return;
    this.alone = false;
    this.tell(MISSED);
  }

  /** Tells what is still to be told. */
  async close(): Promise<void> {
    await within(PROBE_WITHIN, this.flush());
    this.closed = true;
    this.wakeUp?.();
    await this.running;
  }

  private async flush(): Promise<void> {
    try {
      while (this.client && this.waiting.size > 0) {
        const told = [...this.waiting];
        this.waiting.clear();
        const { client } = this;
        try {
          await client.query({
            name: 'notify',
            text: `select pg_notify('${CHANNEL}', payload) from unnest($1::text[]) as payload`,
            values: [payloads(this.sender, told)],
          });
        } catch {
          // The next connection tells them; twice does no harm.
          for (const notice of told) this.waiting.add(notice);
          this.lose(client);
        }
      }
    } finally {
      this.flushing = false;
    }
  }

  private async stayConnected(): Promise<void> {
    let failures = 0;
    while (!this.closed) {
      try {
        await this.listen(() => {
          failures = 0;
        });
      } catch (error) {
        if (failures === 0) this.logger.warn({ err: error }, 'other processes are not heard');
      }
      failures += 1;
      await this.pause(Math.min(100 * 2 ** failures, LONGEST_PAUSE));
    }
  }

  /** Listens until the connection is lost or this is closed. */
  private async listen(begun: () => void): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      connectionTimeoutMillis: PROBE_WITHIN,
      keepAlive: true,
    });
    const ended = new Promise<void>((resolve) => {
      client.once('end', resolve);
      client.on('error', () => this.lose(client));
    });
    client.on('notification', ({ payload = '' }) => this.receive(payload));
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      begun();
      this.client = client;
      this.heard.emit(MISSED);
      void this.flush();
      while (!this.closed && this.client === client) {
        await this.pause(PROBE_EVERY, ended);
        if (this.closed || this.client !== client) break;
        const answered = client.query('select 1').catch(() => this.lose(client));
        if (!(await within(PROBE_WITHIN, answered))) this.lose(client);
      }
    } finally {
      this.lose(client);
      await within(PROBE_WITHIN, client.end());
    }
  }

  private lose(client: pg.Client): void {
    if (this.client === client) this.client = undefined;
    this.wakeUp?.();
  }

  private receive(payload: string): void {
    if (payload.startsWith(`["${this.sender}"`)) return;
    const notices = noticesIn(payload);
    if (!notices) return;
    this.received += 1;
    this.notAlone();
    for (const notice of notices) {
      if (notice === MISSED) this.heard.emit(MISSED);
      else this.heard.emit('notice', notice);
    }
  }

  private async pause(time: number, until?: Promise<void>): Promise<void> {
    if (this.closed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, time);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
      void until?.then(this.wakeUp);
    });
  }
}

/** What a process of ours has told; undefined: somebody else uses this channel, too. */
function noticesIn(payload: string): string[] | undefined {
  try {
    const told: unknown = JSON.parse(payload);
    const isOurs = Array.isArray(told) && told.every((each) => typeof each === 'string');
    return isOurs ? told.slice(1) : undefined;
  } catch {
    return undefined;
  }
}

/** All notices in as few payloads as they fit into. */
function payloads(sender: string, notices: readonly string[]): string[] {
  const found: string[] = [];
  let payload = JSON.stringify([sender]);
  let size = payload.length;
  for (const notice of notices) {
    const text = `,${JSON.stringify(notice)}`;
    const bytes = Buffer.byteLength(text);
    if (size + bytes > MAX_PAYLOAD) {
      found.push(payload);
      payload = JSON.stringify([sender]);
      size = payload.length;
    }
    payload = `${payload.slice(0, -1)}${text}]`;
    size += bytes;
  }
  return [...found, payload];
}
