import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { plantAll } from './captured-logs.js';

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
      `The stories need Chromium, and there is none at ${chosen ?? PLACES.join(', ')}. ` +
        'Install it (Debian: apt-get install chromium), or name it in PUPPETEER_EXECUTABLE_PATH.',
    );
  }
  return await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A microphone that beeps, for voice notes.
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  });
}

/**
 * Of looks that differ in their colours alone the first: axe judges both themes each time. All of
 * them where pictures are wanted.
 */
export function oncePerWidth<Of extends { width: number }>(looks: readonly Of[]): Of[] {
  if (process.env.E2E_SCREENSHOTS) return [...looks];
  return looks.filter(({ width }, at) => looks.findIndex((look) => look.width === width) === at);
}

interface Look {
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
}

/** A page of a person of their own, and everything in it that should not have happened. */
export interface WatchedPage {
  page: Page;
  /** Errors in the console, errors thrown, policy violations, requests to other hosts. */
  complaints: string[];
}

export async function openPage(
  browser: Browser,
  origin: string,
  look: Look = {},
): Promise<WatchedPage> {
  const { width = 1280, height = 800, colorScheme = 'light' } = look;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    locale: 'en-US',
    deviceScaleFactor: width < 600 ? 2 : 1,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text(), message.location().url)) {
      complaints.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const isJson = request.headers()['content-type']?.includes('json');
    if (isJson) plantAll(request.postDataJSON());
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== origin) {
      complaints.push(`request to another host: ${url.origin}`);
    }
  });
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`),
    ),
  );
  return { page, complaints };
}

/**
 * Chromium reports every answer of 400 and above as an error in the console. Three are part of how
 * the pages work: nobody is signed in yet, there is no QR at this moment, somebody has no picture.
 */
function isExpected(text: string, url: string): boolean {
  if (!text.startsWith('Failed to load resource')) return false;
  return (
    (text.includes('401') && /\/api\/(me|auth\/sign-in)$/.test(url)) ||
    (text.includes('404') && /\/(qr|picture)(\?|$)/.test(url))
  );
}

/** Into the folder named by E2E_SCREENSHOTS; without one, nothing is written. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.E2E_SCREENSHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}
