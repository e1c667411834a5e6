import { join } from 'node:path';
import { type Answer, mustAnswer, request } from './http.js';
import { Program } from './program.js';
import type { SandboxProgram } from './sandbox-program.js';
import { until } from './until.js';

const API_KEY = 'key-of-the-crash-harness';

/** A message as the HTTP API shows it. */
export interface ApiMessage {
  id: string;
  chatId: string;
  content: string;
  fromMe: boolean;
  type: string;
  status: string;
}

export interface ServerSettings {
  folder: string;
  sandbox: SandboxProgram;
  databaseUrl: string | undefined;
  /** Undefined: the server runs its jobs itself. */
  redisUrl: string | undefined;
  /** Mechanisms to switch off. */
  unsafe: string[];
}

/** The product as its users start it, again and again on the same storage. */
export class ServerProgram {
  starts = 0;
  private program: Program | undefined;
  private address = '';

  constructor(private readonly settings: ServerSettings) {}

  /** Of the running process; of the last one while there is none. */
  get url(): string {
    return this.address;
  }

  readonly headers = { 'x-api-key': API_KEY };

  get isGone(): boolean {
    return this.program?.isGone ?? true;
  }

  get ending(): string {
    return this.program?.ending ?? 'never started';
  }

  get ended(): Promise<void> {
    return this.program?.ended ?? Promise.resolve();
  }

  get pid(): number | undefined {
    return this.isGone ? undefined : this.program?.pid;
  }

  get printed(): string {
    return this.program?.printed ?? '';
  }

  /**
   * @param crashAt `name:hit` of a crash point
   * @returns false when it died before it listened, as it may when it was told to die
   */
  async start(crashAt?: string): Promise<boolean> {
    this.starts += 1;
    const { folder, sandbox, databaseUrl, redisUrl, unsafe } = this.settings;
    const chromium = process.env.PUPPETEER_EXECUTABLE_PATH;
    this.program = Program.start('server/bundle/main.js', {
      logFile: join(folder, `server-${String(this.starts).padStart(3, '0')}.log`),
      env: {
        PORT: '0',
        STORAGE_ROOT: join(folder, 'server'),
        API_KEY,
        LOG_LEVEL: 'info',
        LOG_FORMAT: 'json',
        WA_WEB_SOCKET_URL: sandbox.wsUrl,
        WA_NOISE_ROOT_KEY: sandbox.rootPublicKey,
        WA_WEB_PAGE_HOST: sandbox.webPage.host,
        WA_WEB_PAGE_SPKI: sandbox.webPage.spki,
        SANDBOX_URL: sandbox.controlUrl,
        ALLOW_PRIVATE_TARGETS: '127.0.0.1',
        // As fast as the traffic is: 0 is no limit.
        SEND_PER_MINUTE: '0',
        SEND_PER_DAY: '0',
        SEND_JITTER_SECONDS: '0',
        ...(chromium && { PUPPETEER_EXECUTABLE_PATH: chromium }),
        ...(databaseUrl && { DATABASE_URL: databaseUrl }),
        // Nobody here reads what is offered to programs of users.
        ...(redisUrl && { REDIS_URL: redisUrl, INCOMING_MESSAGES_QUEUE: 'off' }),
        ...(crashAt && { PATCHBAY_CRASH_AT: crashAt }),
        ...(unsafe.length > 0 && { PATCHBAY_UNSAFE: unsafe.join(',') }),
      },
    });
    const url = await this.program.ready();
    if (url) this.address = url;
    else if (!crashAt) throw new Error(`the server does not start:\n${this.program.printed}`);
    return url !== undefined;
  }

  async kill(): Promise<void> {
    await this.program?.kill();
  }

  async stop(): Promise<void> {
    await this.program?.stop();
  }

  /** Creates a session and lets a phone scan its QR. */
  async link(id: string, phone: string, engine: 'baileys' | 'wwebjs' = 'baileys'): Promise<void> {
    await this.call('PUT', `/api/sessions/${id}`, { engine });
    await until(
      `${id} is linked`,
      async () => {
        const body = { sessionId: id, phone };
        const path = `${this.url}/api/sandbox/scan`;
        const { status } = await request('POST', path, { headers: this.headers, body });
        return status === 200 ? true : undefined;
      },
      120_000,
      200,
    );
  }

  /** Ids of the sessions that are connected now. */
  async connected(): Promise<string[]> {
    type Sessions = { sessions: { id: string; state: { status: string } }[] };
    const { sessions } = await this.call<Sessions>('GET', '/api/sessions');
    return sessions.filter(({ state }) => state.status === 'connected').map(({ id }) => id);
  }

  /** Asks to send a text. Rejects when it is not known whether it was accepted. */
  send(id: string, chatId: string, text: string, key: string): Promise<Answer<SendAnswer>> {
    return request<SendAnswer>('POST', `${this.url}/api/sessions/${id}/send/text`, {
      headers: { ...this.headers, 'idempotency-key': key },
      body: { chatId, text },
    });
  }

  /** All messages of a session, oldest first. */
  async messagesOf(id: string): Promise<ApiMessage[]> {
    const found: ApiMessage[] = [];
    let before: string | null = '';
    do {
      const query: string = before ? `&before=${encodeURIComponent(before)}` : '';
      type Page = { messages: ApiMessage[]; before: string | null };
      const path = `/api/sessions/${id}/messages?limit=200${query}`;
      const page: Page = await this.call<Page>('GET', path);
      found.unshift(...page.messages);
      before = page.before;
    } while (before);
    return found;
  }

  call<Body>(method: string, path: string, body?: object): Promise<Body> {
    return mustAnswer<Body>(method, this.url + path, {
      headers: this.headers,
      ...(body && { body }),
    });
  }
}

interface SendAnswer {
  messageId?: string;
  error?: { code?: string; message?: string };
}
