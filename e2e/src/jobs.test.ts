import { Queue } from 'bullmq';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './accessible.js';
import { openBrowser, openPage, screenshot, type WatchedPage } from './browser.js';
import { type Product, signInTo, startProduct } from './product.js';
import { type StoryRedis, startRedis } from './redis.js';
import { Sandbox } from './sandbox.js';

/** A program adds a job that cannot be done; an admin sees why, mends it, and has it done. */
describe('jobs', () => {
  let redis: StoryRedis;
  let product: Product;
  let browser: Browser;
  let watched: WatchedPage;
  let outgoing: Queue;

  beforeAll(async () => {
    redis = await startRedis();
    browser = await openBrowser();
    product = await startProduct({ REDIS_URL: redis.url });
    outgoing = new Queue('whatsapp-qr-send', { connection: { url: redis.url } });
    outgoing.on('error', () => undefined);
    watched = await openPage(browser, product.url);
    await watched.page.goto(signInTo(product, '/settings/jobs'));
    await watched.page.getByRole('heading', { name: 'Nothing has failed' }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await outgoing?.close();
    await product?.stop();
    await redis?.kill();
  });

  const row = (queue: string) => watched.page.getByRole('row').filter({ hasText: queue });

  test('what failed is there by itself, with its reason', async () => {
    const { page } = watched;
    await row('whatsapp-qr-send').waitFor();
    await screenshot(page, 'jobs-1-nothing-failed');
    await expectAccessible(page);
    await outgoing.add('mine', { sessionId: 'shop', chatId: '99900000102', text: 'Come by!' });
    await outgoing.add('mine', { sessionId: 'shop', text: 'To whom?' });
    const failed = page.getByRole('list', { name: 'Failed jobs' }).getByRole('listitem');
    await failed.filter({ hasText: 'there is no account "shop"' }).waitFor();
    await failed.filter({ hasText: 'chatId' }).waitFor();
    await row('whatsapp-qr-send').getByRole('link', { name: '2' }).click();
    await page.waitForURL(/queue=whatsapp-qr-send/);
    await screenshot(page, 'jobs-2-failed');
    await expectAccessible(page);
  });

  test('it is done once what was missing is there', async () => {
    const { page } = watched;
    const headers = { 'x-api-key': product.apiKey };
    const session = `${product.url}/api/sessions/shop`;
    await fetch(session, { method: 'PUT', headers });
    const qr = (await (await fetch(`${session}/qr`, { headers })).json()) as { code: string };
    const sandbox = new Sandbox(product.sandboxUrl);
    await sandbox.scan('99900000101', qr.code);
    await page.getByRole('button', { name: /^Try again: .*no account/ }).click();
    await page.getByText('1 job runs again').waitFor();
    await expect
      .poll(async () => (await sandbox.messages('99900000102')).map(({ text }) => text), {
        timeout: 30_000,
      })
      .toContain('Come by!');
    await page.getByRole('button', { name: 'Try all again' }).click();
    // It is still wrong, so it comes back.
    await page
      .getByRole('list', { name: 'Failed jobs' })
      .getByRole('listitem')
      .filter({ hasText: 'chatId' })
      .waitFor();
  });

  test('on a phone, and while Redis is away', async () => {
    const phone = await openPage(browser, product.url, { width: 390, height: 844 });
    await phone.page.goto(signInTo(product, '/settings/jobs'));
    await phone.page.getByRole('list', { name: 'Failed jobs' }).waitFor();
    await screenshot(phone.page, 'jobs-3-phone');
    await redis.kill();
    await phone.page.getByText('Redis is away').waitFor();
    await screenshot(phone.page, 'jobs-4-phone-away');
    await expectAccessible(phone.page);
    await phone.page.emulateMedia({ colorScheme: 'dark' });
    await screenshot(phone.page, 'jobs-5-phone-dark');
    await redis.startAgain();
    await phone.page.getByText('Redis is away').waitFor({ state: 'detached' });
  });
});
