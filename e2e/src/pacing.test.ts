import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oncePerWidth, openBrowser, openPage, screenshot } from './browser.js';
import { type Product, startProduct } from './product.js';

const LOOKS = [
  { name: 'desktop-light', width: 1280, height: 1300, colorScheme: 'light' },
  { name: 'desktop-dark', width: 1280, height: 1300, colorScheme: 'dark' },
  { name: 'phone-light', width: 390, height: 1500, colorScheme: 'light' },
  { name: 'phone-dark', width: 390, height: 1500, colorScheme: 'dark' },
] as const;

/** Somebody sets how fast an account sends. */
describe('limits of sending', () => {
  let product: Product;
  let browser: Browser;
  let accountUrl: string;
  let settingsUrl: string;

  beforeAll(async () => {
    browser = await openBrowser();
    product = await startProduct();
    const answer = await fetch(`${product.url}/api/accounts`, {
      method: 'POST',
      headers: { 'x-api-key': product.apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ displayName: 'Front desk' }),
    });
    const { id } = (await answer.json()) as { id: string };
    accountUrl = `${product.url}/accounts/${id}?view=timeline`;
    settingsUrl = `${product.url}/api/sessions/${id}/settings`;
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const signedIn = async (look: (typeof LOOKS)[number]) => {
    const watched = await openPage(browser, product.url, look);
    await watched.page.goto(product.signInLink);
    await watched.page.waitForURL(`${product.url}/inbox`);
    return watched;
  };
  const open = async (page: Page) => {
    await page.goto(accountUrl);
    await page.getByText('Limits and quiet hours').click();
  };
  const stored = async () => {
    const answer = await fetch(settingsUrl, { headers: { 'x-api-key': product.apiKey } });
    return ((await answer.json()) as { pacing: object }).pacing;
  };

  test('are shown as they are, changed, and still there after a reload', async () => {
    const { page, complaints } = await signedIn(LOOKS[0]);
    await open(page);
    const minute = page.getByLabel('Messages a minute');
    expect(await minute.inputValue()).toBe('20');
    await minute.fill('0');
    await page.getByLabel('Longest random pause').fill('soon');
    await page.getByLabel('Time zone').fill('Atlantis');
    await page.getByRole('button', { name: 'Save limits' }).click();
    await page.getByText('A whole number from 1 on, or nothing.').waitFor();
    await page.getByText('A number from 0 to 60.').waitFor();
    await page.getByText('A name like America/Lima.').waitFor();
    await screenshot(page, 'pacing-2-wrong');
    expect(await stored()).toMatchObject({ perMinute: 20, timeZone: 'UTC' });

    await minute.fill('5');
    await page.getByLabel('Messages a day').fill('');
    await page.getByLabel('New chats a day').fill('10');
    await page.getByLabel('Longest random pause').fill('2.5');
    await page.getByLabel('Quiet hours').check();
    await page.getByLabel('From').fill('21:30');
    await page.getByLabel('Until', { exact: true }).fill('06:45');
    await page.getByLabel('Time zone').fill('America/Lima');
    await page.getByRole('button', { name: 'Save limits' }).click();
    await page.getByRole('status').getByText('Saved').waitFor();
    await page.getByText('21:30–06:45 America/Lima').waitFor();
    expect(await stored()).toEqual({
      perMinute: 5,
      perDay: null,
      newChatsPerDay: 10,
      jitterSeconds: 2.5,
      typingSeconds: 0,
      quietHours: { from: '21:30', to: '06:45' },
      timeZone: 'America/Lima',
    });
    await open(page);
    expect(await page.getByLabel('Messages a minute').inputValue()).toBe('5');
    expect(await page.getByLabel('Messages a day').inputValue()).toBe('');
    expect(await page.getByLabel('From').inputValue()).toBe('21:30');
    expect(complaints).toEqual([]);
  });

  test('say that they load, that they cannot be had, and that they could not be saved', async () => {
    const { page } = await signedIn(LOOKS[2]);
    let answer: 'wait' | 'fail' | 'go' = 'wait';
    let go: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => {
      go = resolve;
    });
    await page.route(settingsUrl, async (route) => {
      if (answer === 'wait') await gone;
      if (answer === 'go') return await route.continue();
      const error = { code: 'storage_unavailable', message: 'The disk is full.', requestId: 'r1' };
      await route.fulfill({ status: 400, json: { error } });
    });
    await open(page);
    await page.getByRole('status', { name: 'Loading limits' }).waitFor();
    await screenshot(page, 'pacing-3-loading');
    answer = 'fail';
    go();
    await page.getByRole('alert').getByText('The disk is full.').first().waitFor();
    await screenshot(page, 'pacing-4-failed');
    answer = 'go';
    await page.getByRole('button', { name: 'Try again' }).first().click();
    const day = page.getByLabel('Messages a day');
    await day.fill('77');
    answer = 'fail';
    await page.getByRole('button', { name: 'Save limits' }).click();
    await page.getByRole('alert').getByText('The disk is full.').first().waitFor();
    expect(await day.inputValue()).toBe('77');
    await screenshot(page, 'pacing-5-not-saved');
  });

  test.each(oncePerWidth(LOOKS))('fit the page: $name', async (look) => {
    const { page, complaints } = await signedIn(look);
    await open(page);
    await page.getByLabel('Time zone').waitFor();
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wider).toBe(0);
    await screenshot(page, `pacing-1-${look.name}`);
    expect(complaints).toEqual([]);
  });
});
