import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PageSettings } from '../protocol.js';
import { type Browser, type BrowserPage, Client, type Library, NoAuth } from './library.js';

interface Told {
  /** The browser is there, with the page that WhatsApp Web will be loaded in. */
  browser(browser: Browser, page: BrowserPage): void;
  trouble(what: string, error: unknown): void;
}

/** The profile is ours alone, and what is kept of it is the server's business. */
class OwnProfile extends NoAuth {
  private client: Library | undefined;

  constructor(private readonly told: Told) {
    super();
  }

  override setup = (client: Library): void => {
    this.client = client;
  };

  override afterBrowserInitialized = async (): Promise<void> => {
    const { pupBrowser, pupPage } = this.client ?? {};
    if (pupBrowser && pupPage) this.told.browser(pupBrowser, pupPage);
  };
}

/** The library on a Chromium of its own, not started yet. */
export function openLibrary(settings: PageSettings, told: Told): Library {
  removeLocks(settings.profile);
  const { executable, args, times, profile, userAgent, deviceName, proxyLogin } = settings;
  const library = new Client({
    authStrategy: new OwnProfile(told),
    // Without it the library keeps copies of the page in the working folder.
    webVersionCache: { type: 'none' },
    authTimeoutMs: times.startWithin,
    userAgent,
    deviceName,
    ...(proxyLogin && { proxyAuthentication: proxyLogin }),
    puppeteer: {
      executablePath: executable,
      headless: basename(executable).includes('headless-shell') ? 'shell' : true,
      args,
      userDataDir: profile,
      // The browser ends with us, however we end.
      pipe: true,
      protocolTimeout: times.answerWithin,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    },
  });
  guardInjection(library, told);
  return library;
}

/**
 * The library injects itself again after each navigation, in a listener that nobody waits for: what
 * goes wrong there (Client.js, framenavigated) would be an unhandled rejection. Until the first
 * injection is through it is the caller's to know, afterwards the watchdogs see what comes of it.
 */
function guardInjection(library: Library, told: Told): void {
  const injected = library as Library & { inject(): Promise<void> };
  const inject = injected.inject.bind(library);
  let isFirst = true;
  injected.inject = async () => {
    if (!isFirst) return await inject().catch((error) => told.trouble('injection', error));
    await inject();
    isFirst = false;
  };
}

/** Left by a Chromium that was killed, perhaps on another machine; nobody else has this profile. */
function removeLocks(profile: string): void {
  for (const name of readdirSync(profile)) {
    if (name.startsWith('Singleton')) rmSync(join(profile, name), { force: true });
  }
}
