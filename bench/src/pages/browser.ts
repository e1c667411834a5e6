import { existsSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  type CDPSession,
  chromium,
  type Page,
} from 'playwright-core';
import { installProbe } from './probe.js';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** @throws where Chromium was looked for and how to get it */
export async function openBrowser(): Promise<Browser> {
  const chosen = process.env.PUPPETEER_EXECUTABLE_PATH;
  const executablePath = (chosen ? [chosen] : PLACES).find((place) => existsSync(place));
  if (!executablePath) {
    throw new Error(
      `The pages are measured in Chromium, and there is none at ${chosen ?? PLACES.join(', ')}. ` +
        'Install it (Debian: apt-get install chromium), or name it in PUPPETEER_EXECUTABLE_PATH.',
    );
  }
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  return await chromium.launch({ executablePath, args });
}

/** A tab of somebody who is signed in, with nothing in the browser's cache. */
export interface Tab {
  page: Page;
  devtools: CDPSession;
  /** Events of the log that came over the WebSocket. */
  readonly received: { messages: number };
  close(): Promise<void>;
}

/** @param state cookies of somebody who has signed in */
export async function openTab(
  browser: Browser,
  state: Awaited<ReturnType<BrowserContext['storageState']>>,
): Promise<Tab> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    storageState: state,
  });
  await context.addInitScript(installProbe);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const received = { messages: 0 };
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (String(payload).includes('"name":"session.message"')) received.messages += 1;
    }),
  );
  const devtools = await context.newCDPSession(page);
  return { page, devtools, received, close: () => context.close() };
}

/** Cookies after signing in once. */
export async function signedIn(browser: Browser, signInLink: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(signInLink);
  await page.waitForURL(({ pathname }) => pathname !== '/sign-in');
  await page.getByRole('main').waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}
