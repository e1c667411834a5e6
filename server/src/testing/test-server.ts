import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message, Session, SessionAnswer } from '@patchbay/contract';
import type { Sandbox } from '@patchbay/sandbox';
import { startSandbox } from '@patchbay/sandbox';
import { readConfig } from '../config.js';
import type { House } from '../house.js';
import { buildHouse } from '../house.js';
import { createServer } from '../http/server.js';
import { createLogger } from '../logging.js';
import type { SessionTimes } from '../sessions/session.js';
import type { DatabaseName } from './databases.js';
import { emptyDatabase } from './databases.js';
import { eventually } from './eventually.js';

const API_KEY = 'a-key-for-the-tests';

export interface Answer<Body = unknown> {
  status: number;
  body: Body;
  headers: Headers;
}

/** A sandbox for tests, with its control API as functions. */
export class TestSandbox {
  private constructor(
    readonly sandbox: Sandbox,
    private readonly folder: string,
  ) {}

  static async start(): Promise<TestSandbox> {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-sandbox-'));
    return new TestSandbox(await startSandbox({ dataDir: folder, port: 0 }), folder);
  }

  private nextPhone = 99_900_001_000;

  /** A new simulated phone; its number in digits. */
  async phone(name = 'Someone'): Promise<string> {
    const phone = String(this.nextPhone++);
    await this.call('POST', '/api/phones', { phone, name });
    return phone;
  }

  async call<Body = unknown>(method: string, path: string, body?: object): Promise<Body> {
    const answer = await fetch(`${this.sandbox.controlUrl}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(`sandbox ${method} ${path}: ${JSON.stringify(said)}`);
    return said as Body;
  }

  /** Writes from a phone; resolves with the message id. */
  async write(phone: string, message: object): Promise<string> {
    const { id } = await this.call<{ id: string }>(
      'POST',
      `/api/phones/${phone}/messages`,
      message,
    );
    return id;
  }

  async messagesOf(phone: string): Promise<SandboxMessage[]> {
    const path = `/api/phones/${phone}/messages`;
    return (await this.call<{ messages: SandboxMessage[] }>('GET', path)).messages;
  }

  async stop(): Promise<void> {
    await this.sandbox.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface SandboxMessage {
  id: string;
  from: string;
  to: string;
  text: string;
  status: string;
  deliveries: number;
}

export interface TestServerOptions {
  database: DatabaseName;
  environment?: Record<string, string>;
  times?: Partial<SessionTimes>;
}

/** The whole server in this process, over HTTP on a free port, against a sandbox. */
export class TestServer {
  private running: { house: House; url: string; close(): Promise<void> } | undefined;

  private constructor(
    readonly storageRoot: string,
    private readonly environment: Record<string, string>,
    private readonly times: Partial<SessionTimes>,
    private readonly cleanUp: () => Promise<void>,
  ) {}

  static async start(sandbox: TestSandbox, options: TestServerOptions): Promise<TestServer> {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-server-'));
    const database = await emptyDatabase(options.database);
    const { wsUrl, rootPublicKey, controlUrl } = sandbox.sandbox;
    const environment = {
      PORT: '0',
      STORAGE_ROOT: folder,
      API_KEY,
      LOG_LEVEL: 'silent',
      WA_WEB_SOCKET_URL: wsUrl,
      WA_NOISE_ROOT_KEY: rootPublicKey,
      SANDBOX_URL: controlUrl,
      ...(database.url && { DATABASE_URL: database.url }),
      ...options.environment,
    };
    const server = new TestServer(folder, environment, options.times ?? {}, async () => {
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    });
    await server.open();
    return server;
  }

  get url(): string {
    return this.current.url;
  }

  get house(): House {
    return this.current.house;
  }

  private get current() {
    if (!this.running) throw new Error('the test server is closed');
    return this.running;
  }

  /** Starts on the same storage as before. */
  async open(): Promise<void> {
    const config = readConfig(this.environment);
    const logger = createLogger({ level: config.logLevel, format: 'json' });
    const times = { stuckAfter: 60_000, stableAfter: 60_000, closeWithin: 5000, ...this.times };
    const house = await buildHouse(config, logger, '0.0.0', times);
    const app = await createServer(house, logger, '0.0.0');
    await app.listen(0, '127.0.0.1');
    const close = async () => {
      house.streams.close();
      await app.close();
      await house.close();
    };
    this.running = { house, url: await app.getUrl(), close };
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

  async call<Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { 'x-api-key': API_KEY },
  ): Promise<Answer<Body>> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = answer.headers.get('content-type')?.includes('json');
    return {
      status: answer.status,
      body: (json ? JSON.parse(text) : text) as Body,
      headers: answer.headers,
    };
  }

  async session(id: string): Promise<Session> {
    return (await this.call<Session>('GET', `/api/sessions/${id}`)).body;
  }

  /** Resolves with the session when it has this status (and reason). */
  async reaches(id: string, status: string, reason?: string, within?: number): Promise<Session> {
    let seen = '';
    return await eventually(
      `session ${id} is ${status} ${reason ?? ''}`,
      async () => {
        const session = await this.session(id);
        seen = `${session.state?.status} ${session.state?.reason}`;
        const fits =
          session.state?.status === status && (!reason || session.state.reason === reason);
        return fits ? session : undefined;
      },
      within,
    ).catch((error) => {
      throw new Error(`${error.message} (last seen: ${seen})`);
    });
  }

  /** A session linked to a phone by scanning its QR. */
  async linked(sandbox: TestSandbox, id: string, phone: string): Promise<Session> {
    const { body } = await this.call<SessionAnswer>('PUT', `/api/sessions/${id}`);
    const qr = body.qr?.code ?? (await this.qrOf(id));
    await sandbox.call('POST', `/api/phones/${phone}/scan`, { qr });
    return await this.reaches(id, 'connected');
  }

  async qrOf(id: string): Promise<string> {
    return await eventually(`a QR of ${id}`, async () => {
      const { status, body } = await this.call<{ code: string }>('GET', `/api/sessions/${id}/qr`);
      return status === 200 ? body.code : undefined;
    });
  }

  async send(id: string, chatId: string, text: string): Promise<string> {
    const path = `/api/sessions/${id}/send/text`;
    const { status, body } = await this.call<{ messageId: string }>('POST', path, { chatId, text });
    if (status !== 202) throw new Error(`send: ${status} ${JSON.stringify(body)}`);
    return body.messageId;
  }

  /** Resolves with a message of the session when it is there and fits. */
  async message(
    id: string,
    messageId: string,
    fits: (message: Message) => boolean = () => true,
  ): Promise<Message> {
    return await eventually(`message ${messageId} of ${id}`, async () => {
      const { body } = await this.call<{ messages: Message[] }>(
        'GET',
        `/api/sessions/${id}/messages?limit=200`,
      );
      return body.messages.find((message) => message.id === messageId && fits(message));
    });
  }
}
