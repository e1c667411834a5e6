import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oncePerWidth, openBrowser, openPage, screenshot, type WatchedPage } from './browser.js';
import { type Product, signInTo, startProduct } from './product.js';

/** A program is told what happens: a webhook is added, tested, fails, and is delivered again. */
describe('webhooks', () => {
  let product: Product;
  let browser: Browser;
  let watched: WatchedPage;
  let receiver: Server;
  let url: string;
  let answer = 200;
  const events: string[] = [];

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      events.push(String(request.headers['x-patchbay-event']));
      request.resume();
      response.writeHead(answer).end(answer === 200 ? 'thank you' : 'not today');
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    browser = await openBrowser();
    product = await startProduct();
    watched = await openPage(browser, product.url);
    await watched.page.goto(product.signInLink);
    await watched.page.waitForURL(`${product.url}/accounts`);
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    receiver?.closeAllConnections();
    receiver?.close();
  });

  test('one is added and shows its secret once', async () => {
    const { page } = watched;
    await page.getByRole('link', { name: 'Webhooks' }).first().click();
    await page.getByRole('heading', { name: 'Tell a program what happens' }).waitFor();
    await screenshot(page, 'webhooks-1-none');
    await page.getByRole('button', { name: 'Add webhook' }).click();
    await page.getByLabel('Address').fill('http://10.0.0.1/hook');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('alert').getByText('not on the public internet').waitFor();
    await page.getByLabel('Address').fill(url);
    await page.getByLabel('Name').fill('My program');
    await screenshot(page, 'webhooks-2-add');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    const secret = page.getByRole('dialog').locator('code');
    await secret.waitFor();
    expect(await secret.textContent()).toMatch(/^whsec_/);
    await screenshot(page, 'webhooks-3-secret');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('link', { name: /^My program/ }).click();
    await page.getByRole('heading', { name: 'No deliveries yet' }).waitFor();
  });

  test('a test tells what came of it', async () => {
    const { page } = watched;
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText(/^It answered 200 after /).waitFor();
    expect(events).toEqual(['webhook.test']);
  });

  test('events are delivered, and what failed is shown and delivered again', async () => {
    const { page } = watched;
    answer = 410;
    await api('POST', '/api/accounts', { displayName: 'Front desk' });
    const row = page.locator('summary', { hasText: 'session.created' });
    await row.getByText('Given up').waitFor();
    await row.click();
    await page.locator('details[open]').getByText('not today').waitFor();
    await screenshot(page, 'webhooks-4-given-up');
    await looks(page);

    answer = 200;
    await page.getByRole('link', { name: 'Given up' }).click();
    await page.getByRole('button', { name: 'Deliver all again' }).click();
    await page.getByRole('heading', { name: 'Nothing was given up' }).waitFor();
    await page.getByRole('link', { name: 'All', exact: true }).click();
    await page.locator('summary', { hasText: 'session.created' }).getByText('Taken').waitFor();
    await screenshot(page, 'webhooks-5-taken');
  });

  test('it is changed, turned off and deleted', async () => {
    const { page } = watched;
    const choose = async (item: string) => {
      await page.getByRole('button', { name: 'More for this webhook' }).click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await choose('Change…');
    await page.getByRole('checkbox', { name: 'session.message', exact: true }).check();
    await page.getByLabel('Headers').fill('Authorization: Bearer secret');
    await screenshot(page, 'webhooks-6-change');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('All accounts · 1 event').waitFor();
    await choose('Turn off');
    await page.getByText('Off', { exact: true }).waitFor();
    await choose('Delete…');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Tell a program what happens' }).waitFor();
    expect(watched.complaints.filter((text) => !text.includes('/api/webhooks'))).toEqual([]);
  });

  /** The same in the dark and on a phone, where nothing may be wider than the screen. */
  async function looks(from: Page) {
    const path = new URL(from.url()).pathname;
    for (const { name, ...look } of oncePerWidth([
      { name: 'dark', width: 1280, height: 800, colorScheme: 'dark' },
      { name: 'phone', width: 390, height: 800 },
      { name: 'phone-dark', width: 390, height: 800, colorScheme: 'dark' },
    ] as const)) {
      const { page } = await openPage(browser, product.url, look);
      await page.goto(signInTo(product, '/accounts'));
      await page.waitForURL(`${product.url}/accounts`);
      for (const place of ['/webhooks', path]) {
        await page.goto(`${product.url}${place}`);
        await page.getByText('My program').first().waitFor();
        if (place === path) await page.locator('summary').first().click();
        const wider = await page.evaluate(() => {
          const content = document.getElementById('content') as HTMLElement;
          return content.scrollWidth - content.clientWidth;
        });
        expect([name, place, wider]).toEqual([name, place, 0]);
        await screenshot(page, `webhooks-7-${name}-${place === path ? 'one' : 'list'}`);
      }
      await page.goto(`${product.url}/webhooks?add=true`);
      await page.getByLabel('Address').waitFor();
      await screenshot(page, `webhooks-7-${name}-add`);
      await page.context().close();
    }
  }

  async function api(method: string, path: string, body: object): Promise<void> {
    const response = await fetch(product.url + path, {
      method,
      headers: { 'content-type': 'application/json', 'x-api-key': product.apiKey },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path} → ${response.status}`);
  }
});
