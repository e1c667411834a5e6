import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './accessible.js';
import { screenshot } from './browser.js';
import { type Desk, openDesk } from './desk.js';

/** An admin routes a group to another one, approves with a star, and finds it again. */
describe('groups, routes and search', () => {
  let desk: Desk;
  let source: string;

  beforeAll(async () => {
    desk = await openDesk();
    const { sandbox, ana, bruno } = desk;
    source = await sandbox.makeGroup('Field team', [bruno, ana]);
    await sandbox.makeGroup('Head office', [bruno, ana]);
  });
  afterAll(() => desk?.stop());

  test('who approves is set in the settings', async () => {
    const { page, bruno } = desk;
    await page.goto(`${desk.product.url}/settings/knowledge`);
    await page.getByText('Nobody approves messages yet').waitFor();
    await page.getByLabel('Phone number').fill(`+${bruno}`);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('list', { name: 'Admins' }).getByRole('listitem').waitFor();
    await page.getByRole('button', { name: 'Make anew' }).click();
    await page.getByText('Finished').waitFor();
    await screenshot(page, 'routes-1-admins');
    await expectAccessible(page);
  });

  test('a route is added, refused when it makes a circle, and tested', async () => {
    const { page } = desk;
    await page.getByRole('link', { name: 'Groups & Routes' }).first().click();
    await page.getByRole('heading', { name: 'No routes yet' }).waitFor();
    await page.getByText('Head office').waitFor();
    await screenshot(page, 'routes-2-none');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Add a route from Field team' }).click();
    await page.getByRole('dialog').getByLabel('Head office').check();
    await page.getByRole('region', { name: 'What this route does' }).waitFor();
    await screenshot(page, 'routes-3-add');
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Add route' }).click();
    const test = page.getByRole('button', { name: 'Test the route from Field team' });
    await test.waitFor();
    await test.click();
    await page.getByText('Sent to 1 group.').waitFor();

    await page.getByRole('button', { name: 'Add a route from Head office' }).click();
    await page.getByRole('dialog').getByLabel('Field team').check();
    await page.getByRole('dialog').getByRole('button', { name: 'Add route' }).click();
    await page.getByRole('alert').getByText('circle').waitFor();
    await page.keyboard.press('Escape');
  });

  test('a star is seen in the search within two seconds, and what was forwarded in the history', async () => {
    const { page, sandbox, bruno, product } = desk;
    await page.goto(`${product.url}/search`);
    await page.getByRole('heading', { name: 'Nothing to search yet' }).waitFor();
    await screenshot(page, 'routes-4-search-empty');
    const text = 'The spare key hangs behind the boiler #keys';
    const id = await sandbox.write(bruno, source, text);
    await page.getByLabel('Search approved messages').fill('boilre');
    await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
    const from = performance.now();
    await sandbox.say(bruno, source, { kind: 'reaction', target: id, emoji: '⭐' });
    // Whoever waits for it types on.
    const found = page.getByRole('list', { name: 'Results' }).getByText('boiler');
    while (!(await found.isVisible())) {
      expect(performance.now() - from).toBeLessThan(2000);
      await page.getByLabel('Search approved messages').fill('boiler');
      await page.waitForTimeout(100);
      await page.getByLabel('Search approved messages').fill('boilre');
      await page.waitForTimeout(100);
    }
    await page.getByLabel('Search approved messages').fill('boilre');
    await page.locator('mark', { hasText: 'boiler' }).waitFor();
    await screenshot(page, 'routes-5-found');
    await expectAccessible(page);
    await page.getByRole('button', { name: '#keys' }).click();
    expect(new URL(page.url()).searchParams.get('tag')).toBe('keys');

    await page.setViewportSize({ width: 390, height: 800 });
    await screenshot(page, 'routes-6-phone');
    await page.goto(`${product.url}/routes`);
    await page.getByRole('list', { name: 'Forwarded messages' }).getByText(text).waitFor();
    await screenshot(page, 'routes-7-phone');
    await expectAccessible(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 800 });
    await screenshot(page, 'routes-8-desktop');
  });

  test('a result leads to the message in its chat, and all of them to a file', async () => {
    const { page, product } = desk;
    await page.goto(`${product.url}/search?q=boiler`);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export as CSV' }).click();
    expect((await download).suggestedFilename()).toBe('search.csv');
    await page.getByRole('link', { name: 'Show in its chat' }).click();
    await page.getByRole('log').getByText('The spare key hangs behind the boiler').waitFor();
  });
});
