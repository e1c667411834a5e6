import type { Logger } from 'pino';
import type { Database } from '../db/database.js';

export type ClientVersion = readonly [number, number, number];

const SETTING = 'client_version';
const REFRESH_EVERY = 12 * 60 * 60 * 1000;

export interface ClientVersionOptions {
  /** Set by the operator: used as it is. */
  pinned?: ClientVersion | undefined;
  /** Asks the network for today's version; absent where there is no network to ask. */
  fetchLatest?: (() => Promise<ClientVersion>) | undefined;
}

/**
 * The version of WhatsApp Web that we present. A stale one is the usual reason for "no QR": it is
 * renewed by itself where the network allows, and stays at the last known one, or at the engine
 * library's own, where not.
 */
export class CurrentClientVersion {
  private known: ClientVersion | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
    private readonly options: ClientVersionOptions,
  ) {}

  get(): ClientVersion | undefined {
    return this.options.pinned ?? this.known;
  }

  /** Reads the last known version and keeps it fresh from now on, in the background. */
  async start(): Promise<void> {
    const row = await this.database.kysely
      .selectFrom('settings')
      .select('value')
      .where('key', '=', SETTING)
      .executeTakeFirst();
    if (row) this.known = JSON.parse(row.value);
    if (this.options.pinned || !this.options.fetchLatest) return;
    void this.refresh();
    this.timer = setInterval(() => void this.refresh(), REFRESH_EVERY).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Asks for the latest version; an unreachable network changes nothing. */
  async refresh(): Promise<void> {
    try {
      const latest = await this.options.fetchLatest?.();
      if (!latest || latest.join() === this.known?.join()) return;
      const value = JSON.stringify(latest);
      const query = this.database.kysely
        .insertInto('settings')
        .values({ key: SETTING, value })
        .onConflict((c) => c.column('key').doUpdateSet({ value }));
      await this.database.write([{ query }]);
      this.known = latest;
      this.logger.info({ version: latest.join('.') }, 'WhatsApp Web version');
    } catch (error) {
      this.logger.debug({ err: error }, 'WhatsApp Web version not refreshed');
    }
  }
}
