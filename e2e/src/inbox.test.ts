import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './accessible.js';
import { oncePerWidth, openBrowser, openPage, screenshot, type WatchedPage } from './browser.js';
import { linkAccount } from './link-account.js';
import { type Product, startProduct } from './product.js';
import { Sandbox } from './sandbox.js';

const SHOP = '99900000201';
const SUPPORT = '99900000202';
const LUCIA = '51987650001';
const PEOPLE = [
  [LUCIA, 'Lucía Fernández'],
  ['51987650002', 'Mateo Quispe'],
  ['51987650003', 'محمد العلي'],
  ['51987650004', 'Restaurante El Rincón de los Sabores Peruanos'],
  ['51987650005', 'Ivo'],
  ['51987650006', 'Sofía Ramos'],
] as const;
const SOON = { timeout: 15_000 };
const LOOKS = [
  { width: 1440, height: 900, colorScheme: 'light' },
  { width: 1440, height: 900, colorScheme: 'dark' },
  { width: 1024, height: 768, colorScheme: 'light' },
  { width: 1024, height: 768, colorScheme: 'dark' },
  { width: 390, height: 844, colorScheme: 'light' },
  { width: 390, height: 844, colorScheme: 'dark' },
] as const;

/** An agent's day: the chats of two numbers in one list, answered without a mouse. */
describe('the inbox', () => {
  let product: Product;
  let browser: Browser;
  let sandbox: Sandbox;
  let desk: WatchedPage;
  let question: string;

  beforeAll(async () => {
    browser = await openBrowser();
    product = await startProduct();
    sandbox = new Sandbox(product.sandboxUrl);
    desk = await openPage(browser, product.url, LOOKS[0]);
    await desk.page.goto(product.signInLink);
    await desk.page.waitForURL(`${product.url}/accounts`);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      await screenshot(desk.page, `failed ${task.name.slice(0, 30)}`);
  });

  const row = (name: string, page: Page = desk.page) =>
    page.getByRole('region', { name: 'Chats' }).getByRole('link').filter({ hasText: name });
  const rows = () => desk.page.locator('[data-chat]');
  const topRow = () => rows().first().textContent();
  const box = () => desk.page.getByRole('textbox', { name: 'Write a message' });
  const bubble = (text: string) => desk.page.locator('[data-message]').filter({ hasText: text });
  const openInbox = (page: Page, search = '') => page.goto(`${product.url}/inbox${search}`);

  test('without an account it leads to connecting one', async () => {
    const { page } = desk;
    await page.getByRole('heading', { name: 'Link your first number' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.waitForURL(`${product.url}/inbox`);
    await page.getByRole('heading', { name: 'Connect a WhatsApp number' }).waitFor();
    await expectAccessible(page);
    await screenshot(page, '60-inbox-no-account');
    await page.getByRole('link', { name: 'Connect a number' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
  });

  test('without a chat it says what will be here', async () => {
    await sandbox.addPhone(SHOP, 'Shop phone');
    await sandbox.addPhone(SUPPORT, 'Support phone');
    for (const [phone, name] of PEOPLE) await sandbox.addPhone(phone, name);
    await linkAccount(product, sandbox, 'Front desk', SHOP);
    await linkAccount(product, sandbox, 'Support', SUPPORT);
    const { page } = desk;
    await openInbox(page);
    await page.getByRole('heading', { name: 'No chats yet' }).waitFor();
    await expectAccessible(page);
    await screenshot(page, '61-inbox-no-chat');
  });

  test('chats of both accounts stand in one list, newest first, as they come', async () => {
    for (const [index, [phone, name]] of PEOPLE.entries()) {
      await sandbox.write(phone, index % 2 ? SUPPORT : SHOP, `Hello, this is number ${index}`);
      await row(name).waitFor();
    }
    // What the page asks when there is a new group is answered late, and tells nothing of its message.
    const ofGroup = /\/chats\/[^/]+%40g\.us$/;
    const ofAll = /\/api\/chats\?/;
    const answers: (() => Promise<void>)[] = [];
    for (const question of [ofGroup, ofAll]) {
      await desk.page.route(
        question,
        async (route) => {
          const response = await route.fetch();
          answers.push(() => route.fulfill({ response }));
        },
        { times: 1 },
      );
    }
    const group = await sandbox.makeGroup('Warehouse team', [LUCIA, SHOP, '51987650006']);
    await expect.poll(() => answers.length, SOON).toBe(2);
    await sandbox.write('51987650006', group, 'Pallets for Thursday are ready');
    await sandbox.write('51987650005', SHOP, 'One more thing');
    await expect.poll(topRow).toContain('Ivo');
    for (const answer of answers) await answer();
    await row('Warehouse team').filter({ hasText: 'Sofía Ramos:' }).waitFor();
    await row('Ivo').getByText('2 unread messages').waitFor();
    await row('Ivo').getByText('via Front desk').waitFor();
    await row('Mateo').getByText('via Support').waitFor();
  });

  test('filters and the search narrow it, and the address keeps them', async () => {
    const { page } = desk;
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByRole('menuitemradio', { name: 'Support' }).click();
    await row('Lucía').waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('account')).toBeTruthy();
    await row('Mateo').waitFor();
    await page.getByRole('navigation', { name: 'Show' }).getByText('Support').click();
    await row('Lucía').waitFor();
    await page.getByRole('link', { name: 'Groups', exact: true }).click();
    await row('Lucía').waitFor({ state: 'detached' });
    await row('Warehouse team').waitFor();
    await page.getByRole('link', { name: 'All', exact: true }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('rincon');
    await row('Ivo').waitFor({ state: 'detached' });
    await row('Restaurante').waitFor();
    await page.keyboard.type(' no such chat');
    await page.getByRole('heading', { name: 'No chat matches' }).waitFor();
    await expectAccessible(page);
    await screenshot(page, '62-inbox-no-match');
    await page.getByRole('link', { name: 'Show all chats' }).click();
    await row('Lucía').waitFor();
    // Away from the list, which holds still under a pointer.
    await page.mouse.move(900, 400);
  });

  test('a chat is found, read, answered, noted, taken and resolved by keys alone', async () => {
    const { page } = desk;
    question = await sandbox.write(LUCIA, SHOP, 'Do you ship to Cusco?');
    await expect.poll(topRow).toContain('Cusco');
    await page.keyboard.press('j');
    for (let step = 0; step < 8 && !(await focused(page)).includes('Lucía'); step++)
      await page.keyboard.press(step < 2 ? 'k' : 'j');
    await page.keyboard.press('Enter');
    await bubble('Do you ship to Cusco?').waitFor();
    await page.getByText('Unread messages', { exact: true }).waitFor();
    await row('Lucía').getByText('unread').waitFor({ state: 'detached' });

    await page.keyboard.press('r');
    await page.keyboard.type('Yes, in three days');
    await page.keyboard.press('Enter');
    await bubble('Yes, in three days').locator('[data-tick=delivered]').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toContain('Lucía');

    await page.keyboard.press('n');
    await page.keyboard.type('Wants the large box');
    await page.keyboard.press('Control+Enter');
    await page.locator('[data-note]').filter({ hasText: 'Wants the large box' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    await row('Lucía').getByRole('img', { name: 'Taken by Me' }).waitFor();
    await page.keyboard.press('u');
    await row('Lucía').getByRole('img', { name: 'Marked as unread' }).waitFor();
    await page.keyboard.press('e');
    await page.getByRole('radio', { name: 'Resolved' }).and(page.locator(':checked')).waitFor();
    await screenshot(page, '63-inbox-answered');
    expect((await sandbox.messages(LUCIA)).map(({ text }) => text)).toContain('Yes, in three days');

    await sandbox.write(LUCIA, SHOP, 'Great, I take two');
    await page.getByRole('radio', { name: 'Open' }).and(page.locator(':checked')).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Choose a chat' }).waitFor();
  });

  test('labels are made where they are needed', async () => {
    const { page } = desk;
    await row('Lucía').click();
    await page.getByRole('button', { name: 'Add a label' }).click();
    await page.getByRole('textbox', { name: 'Find or create a label' }).fill('Wholesale');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Take Wholesale off' }).waitFor();
    await page.keyboard.press('Escape');
    await row('Lucía').getByRole('img', { name: 'Labels: Wholesale' }).waitFor();
  });

  test('labels are renamed in the settings, and lead to their chats', async () => {
    const { page } = desk;
    await page.goto(`${product.url}/settings/labels`);
    await page.getByRole('button', { name: 'Change Wholesale' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('Big orders');
    await form.getByLabel('Violet').check({ force: true });
    await expectAccessible(page);
    await screenshot(page, '64-label-form');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'Chats with Big orders' }).click();
    await row('Lucía').getByRole('img', { name: 'Labels: Big orders' }).waitFor();
    expect(await rows().count()).toBe(1);
    await page.getByRole('link', { name: 'Big orders', exact: true }).click();
    await expect.poll(() => rows().count()).toBeGreaterThan(1);
  });

  test('canned replies are written, found and deleted in the settings', async () => {
    const { page } = desk;
    await page.goto(`${product.url}/settings/replies`);
    await page.getByRole('heading', { name: 'No canned replies yet' }).waitFor();
    await page.getByRole('button', { name: 'Add a reply' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Shortcut').fill('not this');
    await form.getByRole('alert').filter({ hasText: 'Only letters' }).waitFor();
    await form.getByLabel('Shortcut').fill('/when');
    await form.getByLabel('Text').fill('Hello ');
    await form.getByRole('button', { name: 'Insert {{name}}' }).click();
    await form.getByText('Hello Ana Torres').waitFor();
    await form.getByLabel('Share it with the whole team').check();
    await expectAccessible(page);
    await screenshot(page, '65-reply-form');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('/when').waitFor();
    await screenshot(page, '66-replies');
    await page.getByRole('link', { name: 'Inbox' }).first().click();
    await row('Lucía').click();
    const box = page.getByRole('textbox', { name: 'Write a message' });
    await box.pressSequentially('/when');
    await page.getByRole('option', { name: /when/ }).waitFor();
    await page.keyboard.press('Tab');
    await expect.poll(() => box.inputValue()).toMatch(/^Hello Lucía/);
    await box.fill('');
    await page.goto(`${product.url}/settings/replies`);
    await page.getByRole('button', { name: 'Delete /when' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'No canned replies yet' }).waitFor();
    await page.getByRole('link', { name: 'Inbox' }).first().click();
    await row('Lucía').click();
  });

  test('a quoted message of long ago is jumped to, and back to the latest', async () => {
    const { page } = desk;
    for (let index = 0; index < 120; index++)
      await sandbox.write(LUCIA, SHOP, `Line ${index} of a long story`);
    await bubble('Line 119 of').waitFor();
    await sandbox.say(LUCIA, SHOP, { kind: 'text', text: 'About this one', quoted: question });
    await bubble('About this one').getByRole('button', { name: 'Do you ship to Cusco?' }).click();
    const quoted = page.locator(`[data-message="${question}"]`);
    await quoted.waitFor();
    await expect.poll(() => inSight(page, question)).toBe(true);
    await screenshot(page, '64-inbox-jumped');
    await page.getByRole('button', { name: 'Jump to latest' }).click();
    await expect.poll(() => bubble('About this one').isVisible()).toBe(true);
  });

  test('search in the chat leads to the message', async () => {
    const { page } = desk;
    await page.getByRole('searchbox', { name: 'Search in this chat' }).fill('line 17');
    await page.getByRole('link', { name: /Line 17 of a long story/ }).click();
    await bubble('Line 17 of').waitFor();
    expect(new URL(page.url()).searchParams.get('message')).toBeTruthy();
    await page.getByRole('button', { name: 'Jump to latest' }).click();
    await bubble('About this one').waitFor();
    expect(new URL(page.url()).searchParams.get('message')).toBeNull();
  });

  test('older messages come above without moving what is read', async () => {
    const { page } = desk;
    const thread = page.getByRole('log');
    await thread.hover();
    for (let tries = 0; tries < 40; tries++) {
      await page.mouse.wheel(0, -600);
      if ((await bubble('Line 40 of').count()) > 0) break;
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
    const seen = bubble('Line 40 of');
    await seen.waitFor();
    const settled = async () => {
      const before = await seen.boundingBox();
      await page.evaluate(() => new Promise(requestAnimationFrame));
      return (await seen.boundingBox())?.y === before?.y;
    };
    await expect.poll(settled).toBe(true);
    const top = (await seen.boundingBox())?.y ?? 0;
    await sandbox.write(LUCIA, SHOP, 'Something new below');
    await page.getByRole('button', { name: '1 new' }).waitFor();
    expect(Math.abs(((await seen.boundingBox())?.y ?? 0) - top)).toBeLessThan(2);
    await page.getByRole('button', { name: '1 new' }).click();
    await bubble('Something new below').waitFor();
  });

  test('no row moves under the pointer; who types is seen', async () => {
    const { page } = desk;
    await sandbox.type(LUCIA, SHOP);
    await row('Lucía').getByText('typing…').waitFor();
    await row('Mateo').hover();
    const before = await row('Mateo').boundingBox();
    await sandbox.write('51987650003', SHOP, 'Anybody there?');
    await page.getByRole('button', { name: '1 updated' }).waitFor();
    expect((await row('Mateo').boundingBox())?.y).toBe(before?.y);
    await screenshot(page, '65-inbox-held');
    await page.getByRole('button', { name: '1 updated' }).click();
    await page.mouse.move(900, 400);
    await expect.poll(topRow).toContain('محمد');
  });

  test('the palette finds a chat from anywhere', async () => {
    const { page } = await openPage(browser, product.url, LOOKS[2]);
    await page.goto(product.signInLink);
    await page.waitForURL(`${product.url}/inbox`);
    await page.locator('[data-live=live]').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('lucia');
    await page.getByRole('option', { name: /Lucía/ }).waitFor();
    await expectAccessible(page);
    await screenshot(page, '66-palette');
    await page.keyboard.press('Enter');
    await page.getByRole('log').waitFor();
    await page.context().close();
  });

  test('a chat with a number begins in a dialog', async () => {
    const { page } = desk;
    await page.keyboard.press('c');
    await page.getByLabel('Phone number').fill('123');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await expectAccessible(page);
    await screenshot(page, '67-new-chat');
    await page.getByLabel('From').selectOption({ label: 'Support · +999 000 002 02' });
    await page.getByLabel('Phone number').fill('+51 987 650 001');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('region', { name: 'Conversation' }).getByText('via Support').waitFor();
    await box().waitFor();
  });

  test('keys are listed, and a failed list says so and is tried again', async () => {
    const { page } = await openPage(browser, product.url, LOOKS[0]);
    await page.goto(product.signInLink);
    await page.waitForURL(`${product.url}/inbox`);
    await page.route('**/api/chats?*', (route) =>
      route.fulfill({ status: 503, body: '{}', contentType: 'application/json' }),
    );
    await openInbox(page);
    await page.getByRole('region', { name: 'Chats' }).getByRole('alert').waitFor();
    await expectAccessible(page);
    await screenshot(page, '68-inbox-error');
    await page.unroute('**/api/chats?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await row('Lucía', page).first().waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Write an answer').waitFor({ state: 'detached' });
    await expectAccessible(page);
    await screenshot(page, '69-shortcuts');
    await page.context().close();
  });

  test.each(oncePerWidth(LOOKS))(
    'fits $width px, $colorScheme, with nothing in the way',
    async (look) => {
      const { page, complaints } = await openPage(browser, product.url, look);
      const name = `${look.width}-${look.colorScheme}`;
      await page.goto(product.signInLink);
      await page.waitForURL(`${product.url}/inbox`);
      await openInbox(page);
      await row('Lucía', page).first().waitFor();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await screenshot(page, `70-inbox-list-${name}`);
      await row('Lucía', page).filter({ hasText: 'Front desk' }).click();
      await page.getByRole('log').getByText('Something new below').waitFor();
      if (look.width < 1280) {
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
        await screenshot(page, `71-inbox-chat-${name}`);
        await page.getByTitle('Show details').first().click();
      }
      await page.getByRole('complementary', { name: 'Details' }).getByText('Notes').waitFor();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await screenshot(page, `72-inbox-details-${name}`);
      if (look.width < 640) {
        await page.goBack();
        await page.getByRole('log').waitFor();
        await page.getByRole('button', { name: 'Back to the chats' }).click();
        await row('Mateo', page).waitFor();
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  test('nothing went wrong unseen', () => {
    expect(desk.complaints).toEqual([]);
  });
});

async function focused(page: Page): Promise<string> {
  return (await page.evaluate(() => document.activeElement?.textContent)) ?? '';
}

async function inSight(page: Page, id: string): Promise<boolean> {
  return await page.evaluate((messageId) => {
    const log = document.querySelector('[role=log]')?.getBoundingClientRect();
    const box = document.querySelector(`[data-message="${messageId}"]`)?.getBoundingClientRect();
    return !!log && !!box && box.top >= log.top && box.bottom <= log.bottom;
  }, id);
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide).toBe(false);
}
