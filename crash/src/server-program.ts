import { join } from 'node:path';
import { Program } from './program.js';
import type { SandboxProgram } from './sandbox-program.js';
import { API_KEY, ServerApi } from './server-api.js';

export interface ServerSettings {
  folder: string;
  sandbox: SandboxProgram;
  databaseUrl: string | undefined;
  /** Undefined: the server runs its jobs itself. */
  redisUrl: string | undefined;
  /** Mechanisms to switch off. */
  unsafe: string[];
  /** Names its logs and its storage; one of several processes has its own. */
  name?: string;
  /** What else it is told. */
  environment?: Record<string, string>;
}

/** The product as its users start it, again and again on the same storage. */
export class ServerProgram extends ServerApi {
  starts = 0;
  private program: Program | undefined;
  private address = '';

  constructor(private readonly settings: ServerSettings) {
    super();
  }

  override get url(): string {
    return this.address;
  }

  /** Of the process that was started last: unlike any other's of the run. */
  get label(): string {
    return `${this.settings.name ?? 'server'}.${this.starts}`;
  }

  get isGone(): boolean {
    return this.program?.isGone ?? true;
  }

  get ending(): string {
    return this.program?.ending ?? 'never started';
  }

  get ended(): Promise<void> {
    return this.program?.ended ?? Promise.resolve();
  }

  override get pid(): number | undefined {
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
    const { name = 'server', environment } = this.settings;
    const chromium = process.env.PUPPETEER_EXECUTABLE_PATH;
    this.program = Program.start('server/bundle/main.js', {
      logFile: join(folder, `${name}-${String(this.starts).padStart(3, '0')}.log`),
      env: {
        PORT: '0',
        STORAGE_ROOT: join(folder, name),
        API_KEY,
        LOG_LEVEL: 'info',
        LOG_FORMAT: 'json',
        // By this name WhatsApp tells processes apart.
        WA_WEB_SOCKET_URL: `${sandbox.wsUrl}?by=${this.label}`,
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
        ...environment,
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

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.program?.signal(signal);
  }

  async stop(): Promise<void> {
    await this.program?.stop();
  }
}
