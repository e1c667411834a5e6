import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, inaccessible } from './accessible.js';
import { apiOf } from './api.js';
import { openPage, screenshot } from './browser.js';
import { type Desk, openDeskOf } from './desk.js';
import { signInTo, startProduct } from './product.js';

const PEOPLE = 24;
const phoneOf = (number: number) => `5198700${String(number).padStart(4, '0')}`;

/** A template is written, a list becomes messages, it is paused, goes on, and is looked at. */
describe('bulk sends', () => {
  let desk: Desk;
  let page: Page;
  /** The page of the send. */
  let sendPath = '';

  beforeAll(async () => {
    desk = await openDeskOf(
      // Slow enough to be paused by hand.
      await startProduct({ SEND_PER_MINUTE: '0', SEND_PER_DAY: '0', SEND_JITTER_SECONDS: '3' }),
    );
    page = desk.page;
    for (let n = 0; n < PEOPLE; n += 1) await desk.sandbox.addPhone(phoneOf(n), `Customer ${n}`);
  });
  afterAll(async () => {
    await desk?.stop();
  });

  const textsOf = async (number: number) =>
    (await desk.sandbox.messages(phoneOf(number)))
      .filter(({ from }) => from === desk.ana)
      .map(({ text }) => text);
  const csv = () =>
    [
      'Customer,Mobile,Order',
      ...Array.from({ length: PEOPLE }, (_, n) => `Customer ${n},+${phoneOf(n)},A-${n}`),
      'Nobody,call me,A-0',
      `Again,${phoneOf(0)},A-99`,
    ].join('\r\n');

  test('a template is added and looked at', async () => {
    await page.getByRole('link', { name: 'Bulk' }).first().click();
    await page.getByRole('heading', { name: 'Write to many at once' }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'bulk-1-empty');
    await page.getByText('Templates', { exact: true }).click();
    await page.getByRole('button', { name: 'Add template' }).click();
    await page.getByLabel('Name').fill('Order is ready');
    await page.getByLabel('Language').fill('en');
    await page.getByLabel('Text').fill('Hello {{name}}, your order {{order}} is ready.');
    await page.getByLabel('Without a value, {{name}} is').fill('friend');
    await expectAccessible(page);
    await screenshot(page, 'bulk-2-template');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'More for Order is ready' }).click();
    await page.getByRole('menuitem', { name: 'Preview…' }).click();
    await page.getByText('The variable order has no value').waitFor();
    await page.getByLabel('order', { exact: true }).fill('A-7');
    await page.getByText('Hello friend, your order A-7 is ready.').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
  });

  test('a list is dropped, checked, and sent with progress', async () => {
    await page.getByRole('button', { name: 'More for Order is ready' }).click();
    await page.getByRole('menuitem', { name: 'New send' }).click();
    await page.getByLabel('Name').fill('Orders of Friday');
    await page.getByLabel('Account').selectOption({ index: 1 });
    const file = { name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(csv()) };
    await page.locator('input[type=file]').setInputFiles(file);
    const result = page.getByRole('region', { name: 'What would be sent' });
    await result.getByLabel('Column for {{name}}').selectOption('Customer');
    await result.getByText('Hello Customer 0, your order A-0 is ready.').waitFor();
    await result.getByText('The same number as in line 2').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'bulk-3-new');
    await page.getByRole('button', { name: `Send ${PEOPLE} messages` }).click();

    await page.getByRole('heading', { name: 'Orders of Friday' }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused', { exact: true }).waitFor();
    const bar = page.getByRole('progressbar');
    const left = Number(await bar.getAttribute('aria-valuenow'));
    expect(left).toBeLessThan(PEOPLE);
    await screenshot(page, 'bulk-4-paused');
    const call = apiOf(desk.product);
    const { sessions } = await call<{ sessions: { id: string }[] }>('GET', '/sessions');
    const settings = `/sessions/${sessions[0]?.id}/settings`;
    await call('PUT', settings, { pacing: { jitterSeconds: 0 } });
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Done', { exact: true }).waitFor();
    await expect.poll(() => bar.getAttribute('aria-valuenow')).toBe(String(PEOPLE));
    for (let n = 0; n < PEOPLE; n += 1) {
      expect(await textsOf(n)).toEqual([`Hello Customer ${n}, your order A-${n} is ready.`]);
    }
  });

  test('its rows are shown by state and saved', async () => {
    sendPath = new URL(page.url()).pathname;
    await page.getByRole('button', { name: /^Not valid/ }).click();
    await page.getByText(/must be a phone number/).waitFor();
    await page.waitForURL(/show=invalid/);
    await expectAccessible(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save as CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^bulk-.*\.csv$/);
    await page.getByRole('button', { name: /^All/ }).click();
    await screenshot(page, 'bulk-5-rows');
  });

  test('delivery is shown by day and by template', async () => {
    await page.getByRole('link', { name: 'All sends' }).click();
    await page.getByRole('link', { name: /^Orders of Friday/ }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'bulk-6-list');
    await page.getByText('Delivery', { exact: true }).click();
    await page.getByRole('table', { name: 'Delivered' }).waitFor();
    await page.locator('label').filter({ hasText: 'Template' }).last().click();
    await page
      .getByRole('row', { name: /^Order is ready/ })
      .getByRole('cell', { name: '24' })
      .first()
      .waitFor();
    await expectAccessible(page);
    await screenshot(page, 'bulk-7-delivery');
  });

  test('on a phone, and in the dark, all of it is there', async () => {
    const look = { width: 390, height: 844, colorScheme: 'dark' } as const;
    const { page: small, complaints } = await openPage(desk.browser, desk.product.url, look);
    const wrong: string[] = [];
    const paths: [path: string, text: string][] = [
      ['/bulk', 'Orders of Friday'],
      ['/bulk?view=templates', 'Order is ready'],
      ['/bulk?view=delivery', 'Failed'],
      ['/bulk/new', 'What would be sent'],
      [sendPath, 'Customer 3'],
    ];
    await small.goto(signInTo(desk.product, '/bulk'));
    for (const [path, text] of paths) {
      await small.getByText('Bulk', { exact: true }).first().waitFor({ state: 'attached' });
      await small.goto(desk.product.url + path);
      await small.getByText(text).filter({ visible: true }).first().waitFor();
      const isWide = await small.evaluate(
        () => document.documentElement.scrollWidth > window.innerWidth,
      );
      if (isWide) wrong.push(`${path}: wider than the screen`);
      wrong.push(...(await inaccessible(small)).map((each) => `${path}: ${each}`));
      await screenshot(small, `bulk-phone-${paths.findIndex(([each]) => each === path)}`);
    }
    expect(wrong).toEqual([]);
    expect(complaints).toEqual([]);
    await small.context().close();
  });
});
