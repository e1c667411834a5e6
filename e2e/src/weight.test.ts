import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPage } from './browser.js';
import { type Desk, openDesk } from './desk.js';

/** What a page may ask for before somebody can use it, in bytes of scripts as gzip. */
const MOST = 200_000;

let desk: Desk;

beforeAll(async () => {
  desk = await openDesk();
  await desk.sandbox.write(desk.bruno, desk.ana, 'Good morning!');
});
afterAll(() => desk?.stop());

declare global {
  interface Window {
    /** When the content was there first. */
    shownAt?: number;
  }
}

/** Notes when something is on the page first; what is loaded after that is loaded when idle. */
async function noteWhenShown(page: Page, content: string): Promise<void> {
  await page.addInitScript((selector) => {
    const look = () => {
      if (document.querySelector(selector)) window.shownAt ??= performance.now();
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  }, content);
}

/** Of what was asked for until the content was there; a small file has no compressed copy. */
async function scriptBytes(page: Page): Promise<number> {
  const urls = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ startTime }) => startTime < (window.shownAt ?? 0))
      .map(({ name }) => name),
  );
  const scripts = new Set(urls.filter((url) => new URL(url).pathname.endsWith('.js')));
  let bytes = 0;
  for (const url of scripts) {
    const answer = await fetch(url, { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } });
    bytes += Number(answer.headers.get('content-length'));
  }
  return bytes;
}

test.each([
  { path: '/accounts', content: 'main article' },
  { path: '/inbox', content: '[data-chat]' },
])('$path is light, and lets files be kept', async ({ path, content }) => {
  const { page, complaints } = await openPage(desk.browser, desk.product.url);
  await page.context().addCookies(await desk.page.context().cookies());
  const kept = new Set<string>();
  page.on('response', (response) => {
    if (response.url().includes('/assets/')) kept.add(response.headers()['cache-control'] ?? '');
  });
  await noteWhenShown(page, content);
  await page.goto(`${desk.product.url}${path}`);
  await page.locator(content).first().waitFor();
  const bytes = await scriptBytes(page);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(MOST);
  expect([...kept]).toEqual(['public, max-age=31536000, immutable']);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a page whose code is gone says so, and reloads itself once', async () => {
  const { page } = await openPage(desk.browser, desk.product.url);
  await page.context().addCookies(await desk.page.context().cookies());
  await page.goto(`${desk.product.url}/accounts`);
  await page.locator('main article').first().waitFor();
  let reloads = 0;
  page.on('load', () => {
    reloads += 1;
  });
  // As after a deployment: the files of the version that is open are no longer there.
  await page.route(/\/assets\/settings-page-/, (route) => route.fulfill({ status: 404 }));
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('heading', { name: 'A part of this page is missing' }).waitFor();
  await expect.poll(() => reloads).toBe(1);
  await page.getByRole('heading', { name: 'A part of this page is missing' }).waitFor();
  await page.unroute(/\/assets\/settings-page-/);
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  expect(reloads).toBe(2);
  await page.context().close();
});
