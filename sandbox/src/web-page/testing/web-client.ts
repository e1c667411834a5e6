import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Client, Message } from 'whatsapp-web.js';
import whatsappWeb from 'whatsapp-web.js';
import type { SandboxInfo } from '../../protocol/seam.js';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** What a client told, in order. */
interface Told {
  event: string;
  values: unknown[];
}

const EVENTS = [
  'qr',
  'code',
  'authenticated',
  'ready',
  'message_create',
  'message',
  'message_ack',
  'message_edit',
  'message_revoke_everyone',
  'message_reaction',
  'vote_update',
  'unread_count',
  'group_join',
  'group_leave',
  'group_update',
  'change_state',
  'disconnected',
  'call',
];

/** whatsapp-web.js as anybody would use it, on the stand-in page, for tests: its own profile, one browser. */
export class WebClient {
  readonly client: Client;
  /** How often the library has found its way into a document of the page. */
  injections = 0;
  private told: Told[] = [];
  private waiters: (() => void)[] = [];
  private readonly profiles: string;

  constructor({ webPage }: SandboxInfo, dataDir: string) {
    this.profiles = join(dataDir, 'profiles');
    const { host, spki } = webPage;
    this.client = new whatsappWeb.Client({
      authStrategy: new whatsappWeb.LocalAuth({ dataPath: this.profiles }),
      webVersionCache: { type: 'none' },
      deviceName: 'A test',
      takeoverOnConflict: true,
      takeoverTimeoutMs: 0,
      puppeteer: {
        executablePath: browser(),
        pipe: true,
        args: [
          '--no-sandbox',
          `--host-resolver-rules=MAP web.whatsapp.com ${host}, MAP * ~NOTFOUND`,
          `--ignore-certificate-errors-spki-list=${spki}`,
        ],
      },
    });
    this.guardInjection();
    for (const event of EVENTS) {
      this.client.on(event, (...values: unknown[]) => {
        this.told.push({ event, values });
        for (const wake of this.waiters.splice(0)) wake();
      });
    }
  }

  /** What was told under this name, and not forgotten since. */
  all<T = Message>(event: string): T[] {
    return this.told.filter((each) => each.event === event).map(({ values }) => values[0] as T);
  }

  /** Only what comes from here on counts. */
  forget(): void {
    this.told = [];
  }

  /** The first of its name that fits, told since the last `forget`. */
  async until<T = Message>(event: string, fits: (value: T) => boolean = () => true): Promise<T> {
    const deadline = Date.now() + 12_000;
    for (;;) {
      const found = this.all<T>(event).find(fits);
      if (
        found !== undefined ||
        this.told.some((each) => each.event === event && !each.values.length)
      )
        return found as T;
      if (Date.now() > deadline) {
        const names = this.told.map((each) => each.event).join(', ');
        throw new Error(`timed out waiting for ${event}; told: ${names}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200);
        this.waiters.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /**
   * The library goes into each new document by itself, and nobody catches what it throws when the
   * page goes on to yet another meanwhile: it would end the process.
   */
  private guardInjection(): void {
    const library = this.client as unknown as { inject: () => Promise<void> };
    const inject = library.inject.bind(library);
    library.inject = async () => {
      try {
        await inject();
        this.injections += 1;
      } catch (error) {
        if (this.injections === 0) throw error;
      }
    };
  }

  /** Runs in the page. */
  inPage<T>(script: string): Promise<T> {
    return this.client.pupPage!.evaluate(script) as Promise<T>;
  }

  async end(): Promise<void> {
    await this.client.destroy();
    rmSync(this.profiles, { recursive: true, force: true });
  }
}

function browser(): string {
  const named = process.env.PUPPETEER_EXECUTABLE_PATH;
  const found = named ?? BROWSERS.find((path) => existsSync(path));
  if (found) return found;
  throw new Error(
    'There is no Chromium here: install it, or name it in PUPPETEER_EXECUTABLE_PATH.',
  );
}
