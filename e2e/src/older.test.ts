import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { screenshot } from './browser.js';
import { type Desk, openDesk } from './desk.js';

/** The one chat that the phone's history invents. */
const CHAT = '88800000000';

describe('older messages of a chat', () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await openDesk();
    await desk.sandbox.handHistoryOver(desk.ana, { messages: 30, chats: 1, portion: 30, kept: 45 });
  });
  afterAll(() => desk?.stop());

  test('come from the phone when they are asked for, until it has no more', async () => {
    const { page } = desk;
    const url = new URL(page.url());
    url.searchParams.set('chat', CHAT);
    // First in a list: a chat that is not there yet is not found by its address.
    await page.goto(`${desk.product.url}/inbox`);
    await page.locator('[data-chat]').first().waitFor();
    await page.goto(url.href);
    const thread = page.getByRole('log');
    const oldest = async () => {
      await thread.evaluate((log) => log.scrollTo({ top: 0 }));
      return thread.locator('[data-message]').first().getAttribute('data-message');
    };
    await thread.locator('[data-message]').first().waitFor();
    const before = await oldest();
    const ask = page.getByRole('button', { name: 'Ask the phone for older messages' });
    await expect.poll(async () => (await oldest()) && (await ask.isVisible())).toBe(true);
    await screenshot(page, 'older-on-phone');
    await ask.click();
    await expect.poll(oldest).not.toBe(before);
    await expect.poll(oldest).toBe('OLD000000000044');
    await expect.poll(async () => (await oldest()) && (await ask.isVisible())).toBe(true);
    await ask.click();
    await page.getByText('The phone has no older messages.').waitFor();
    await screenshot(page, 'older-no-more');
    expect(desk.complaints).toEqual([]);
  });
});
