import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { findChromium, NO_CHROMIUM } from './find-chromium.js';

const MB = 1024 * 1024;
/** What a session in a browser takes, roughly, with the real page (bytes). */
const MEMORY_PER_SESSION = 512 * MB;

export interface BrowserOptions {
  /** Where profiles of running browsers are; wiped at once. */
  folder: string;
  executable?: string | undefined;
  /** PATH, in which it is looked for otherwise. */
  path: string;
  /** Sessions at a time; undefined: as many as half of the memory has room for. */
  most?: number | undefined;
  /** Chromium's own sandbox; undefined: unless we run as root, where it does not start with it. */
  sandbox?: boolean | undefined;
  /** A page in WhatsApp Web's place. */
  page?: { host: string; spki: string } | undefined;
}

/** How many sessions half of the memory of this machine has room for; one at least. */
function roomForBrowsers(): number {
  return Math.max(1, Math.floor(totalmem() / 2 / MEMORY_PER_SESSION));
}

/** The Chromiums of this process: which program it is, and how many may run. */
export class Browsers {
  private taken = 0;
  private readonly most: number;
  private major: string | undefined;

  constructor(private readonly options: BrowserOptions) {
    this.most = options.most ?? roomForBrowsers();
    // The browsers of a server that was killed may be about to end.
    rmSync(options.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  /** Why no other session can start in a browser now; undefined when one can. */
  unavailable(): { code: 'browser_missing' | 'too_many_browsers'; message: string } | undefined {
    if (!this.executable()) return { code: 'browser_missing', message: NO_CHROMIUM };
    if (this.taken < this.most) return undefined;
    return {
      code: 'too_many_browsers',
      message: `${this.taken} sessions run in a browser, and MAX_BROWSER_SESSIONS allows ${this.most}; close one of them, or use the engine "baileys"`,
    };
  }

  /** Takes the place of one browser; the answer gives it back, once. */
  take(): () => void {
    this.taken += 1;
    let isTaken = true;
    return () => {
      if (isTaken) this.taken -= 1;
      isTaken = false;
    };
  }

  executable(): string | undefined {
    return findChromium(this.options.executable, this.options.path);
  }

  /** A folder of its own for one run of a browser, which only we can read. */
  async newFolder(sessionId: string): Promise<string> {
    mkdirSync(this.options.folder, { recursive: true, mode: 0o700 });
    // mkdtemp makes it with mode 0700.
    return await mkdtemp(join(this.options.folder, `${sessionId}-`));
  }

  /** Of the process that has a browser. @param home where programs may leave what they like */
  environment(home: string): Record<string, string> {
    return { PATH: this.options.path, HOME: home };
  }

  /** How to start Chromium. @param proxyUrl without its login */
  args(proxyUrl: string | undefined): string[] {
    const { page, sandbox = process.getuid?.() !== 0 } = this.options;
    return [
      '--disable-gpu',
      // Containers have a small /dev/shm.
      '--disable-dev-shm-usage',
      '--mute-audio',
      // Chromium has nothing to ask its maker: who is signed in there, what time it is.
      '--gaia-url=https://127.0.0.1:9',
      '--disable-features=NetworkTimeServiceQuerying',
      ...(sandbox ? [] : ['--no-sandbox']),
      ...(proxyUrl ? [`--proxy-server=${proxyUrl}`] : []),
      ...(page
        ? [
            `--host-resolver-rules=${resolverRules(page.host, proxyUrl)}`,
            `--ignore-certificate-errors-spki-list=${page.spki}`,
          ]
        : []),
    ];
  }

  /** The name that this Chromium gives itself when it has a window. */
  async userAgent(): Promise<string> {
    this.major ??= await this.version();
    return `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${this.major}.0.0.0 Safari/537.36`;
  }

  private async version(): Promise<string> {
    const executable = this.executable();
    if (!executable) throw new Error(NO_CHROMIUM);
    const { stdout } = await promisify(execFile)(executable, ['--version']);
    const major = /(\d+)\.\d+\.\d+/.exec(stdout)?.[1];
    if (!major) throw new Error(`${basename(executable)} does not say its version`);
    return major;
  }
}

/** Nothing is found but the page, and the proxy through which it is to be reached. */
function resolverRules(page: string, proxyUrl: string | undefined): string {
  const rules = [`MAP web.whatsapp.com ${page}`, 'MAP * ~NOTFOUND'];
  if (proxyUrl) rules.push(`EXCLUDE ${new URL(proxyUrl).hostname}`);
  return rules.join(',');
}
