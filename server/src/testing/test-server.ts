import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import { readConfig } from '../config.js';
import type { StreamTimes } from '../consumers/realtime/event-stream.js';
import { baileysEngineWith } from '../engines/baileys/index.js';
import type { BaileysTimings } from '../engines/baileys/socket-config.js';
import type { RemoteTimes } from '../engines/remote/index.js';
import type { House } from '../house.js';
import { buildHouse } from '../house.js';
import { createServer } from '../http/server.js';
import { stopServing } from '../http/stop-serving.js';
import { createLogger } from '../logging.js';
import { OUTBOX_TIMES, type OutboxTimes } from '../sessions/outbox-delivery.js';
import type { SessionTimes } from '../sessions/session-surroundings.js';
import { captureLog, TEST_LOG_LEVEL } from './captured-logs.js';
import type { DatabaseName } from './databases.js';
import { emptyDatabase } from './databases.js';
import { API_KEY, TestApi } from './test-api.js';
import type { SandboxAddress, TestSandbox } from './test-sandbox.js';

export interface TestServerOptions {
  database: DatabaseName;
  environment?: Record<string, string>;
  times?: Partial<SessionTimes>;
  outboxTimes?: Partial<OutboxTimes>;
  /** Of the engine's connections. */
  timings?: Partial<BaileysTimings>;
  /** Of sessions that a separate process has. */
  remoteTimes?: RemoteTimes;
  streamTimes?: Partial<StreamTimes>;
  /** In place of one that says nothing. */
  logger?: Logger;
  /** Of jobs and webhooks. */
  clock?: Clock;
}

/** The settings of a server against a sandbox. */
export function environmentFor(sandbox: SandboxAddress, storageRoot: string) {
  return {
    PORT: '0',
    STORAGE_ROOT: storageRoot,
    API_KEY,
    LOG_LEVEL: TEST_LOG_LEVEL,
    LOG_FORMAT: 'json',
    WA_WEB_SOCKET_URL: sandbox.wsUrl,
    WA_NOISE_ROOT_KEY: sandbox.rootPublicKey,
    SANDBOX_URL: sandbox.controlUrl,
    SEND_PER_MINUTE: '0',
    SEND_PER_DAY: '0',
    SEND_JITTER_SECONDS: '0',
    WA_MEDIA_HOST: sandbox.media.host,
    WA_MEDIA_CA: sandbox.media.caFile,
    ...(sandbox.webPage && {
      WA_WEB_PAGE_HOST: sandbox.webPage.host,
      WA_WEB_PAGE_SPKI: sandbox.webPage.spki,
    }),
  };
}

/** The whole server in this process, over HTTP on a free port, against a sandbox. */
export class TestServer extends TestApi {
  private running: { house: House; url: string; close(): Promise<void> } | undefined;

  private constructor(
    readonly storageRoot: string,
    private readonly environment: Record<string, string>,
    private readonly options: TestServerOptions,
    private readonly cleanUp: () => Promise<void>,
  ) {
    super();
  }

  static async start(sandbox: TestSandbox, options: TestServerOptions): Promise<TestServer> {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-server-'));
    const database = await emptyDatabase(options.database);
    const environment = {
      ...environmentFor(sandbox.address, folder),
      ...(database.url && { DATABASE_URL: database.url }),
      ...options.environment,
    };
    const server = new TestServer(folder, environment, options, async () => {
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    });
    await server.open();
    return server;
  }

  override get url(): string {
    return this.current.url;
  }

  get house(): House {
    return this.current.house;
  }

  private get current() {
    if (!this.running) throw new Error('the test server is closed');
    return this.running;
  }

  /** Its PostgreSQL database; undefined on SQLite. */
  get databaseUrl(): string | undefined {
    return this.environment.DATABASE_URL;
  }

  /** Starts on the same storage as before. */
  async open(): Promise<void> {
    const config = readConfig(this.environment);
    const { timings, remoteTimes, streamTimes, clock, logger: given } = this.options;
    const logger = given ?? createLogger({ level: config.logLevel, format: 'json' }, captureLog);
    const house = await buildHouse(config, logger, '0.0.0', {
      times: { stuckAfter: 60_000, stableAfter: 60_000, closeWithin: 5000, ...this.options.times },
      outboxTimes: { ...OUTBOX_TIMES, ...this.options.outboxTimes },
      registry: { baileys: baileysEngineWith(timings ?? {}) },
      ...(remoteTimes && { remoteTimes }),
      ...(streamTimes && { streamTimes }),
      ...(clock && { clock }),
    });
    const app = await createServer(house, logger, '0.0.0');
    await app.listen(0, '127.0.0.1');
    const close = async () => {
      await stopServing(app, house);
      await house.close();
    };
    this.running = { house, url: await app.getUrl(), close };
    await house.start(this.url);
    await house.supervisor.restore(config.restoreConcurrency);
  }

  async close(): Promise<void> {
    await this.running?.close();
    this.running = undefined;
  }

  async stop(): Promise<void> {
    await this.close();
    await this.cleanUp();
  }
}
