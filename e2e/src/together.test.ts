import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiOf } from './api.js';
import { openBrowser, openPage, type WatchedPage } from './browser.js';
import { linkAccount } from './link-account.js';
import { type Product, startProduct } from './product.js';
import { Sandbox } from './sandbox.js';

const SHOP = '51900000201';
const LUCIA = '51987650001';
const IVO = '51987650005';
const SOON = { timeout: 10_000 };
const PASSWORD = 'a good long password';

/** Two people at two browsers work on the same chats; one of them has only a keyboard. */
describe('a team at work', () => {
  let product: Product;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let sandbox: Sandbox;
  let ada: WatchedPage;
  let ben: WatchedPage;
  let question: string;

  beforeAll(async () => {
    browser = await openBrowser();
    product = await startProduct();
    sandbox = new Sandbox(product.sandboxUrl);
    ada = await openPage(browser, product.url);
    ben = await openPage(browser, product.url);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const row = (name: string, { page }: WatchedPage = ada) =>
    page.getByRole('region', { name: 'Chats' }).getByRole('link').filter({ hasText: name });
  const field = ({ page }: WatchedPage) => page.getByRole('textbox', { name: 'Write a message' });
  const press = async (...keys: string[]) => {
    for (const key of keys) await ada.page.keyboard.press(key);
  };

  test('each sees that the other has the chat open, and writes in it', async () => {
    await sandbox.addPhone(SHOP, 'Shop phone');
    await sandbox.addPhone(LUCIA, 'Lucía Fernández');
    await sandbox.addPhone(IVO, 'Ivo');
    await linkAccount(product, sandbox, 'Front desk', SHOP);
    question = await sandbox.write(LUCIA, SHOP, 'Do you ship to Cusco?');
    await sandbox.write(IVO, SHOP, 'Is it open today?');
    await enter(ada.page, product.setUpLink, 'Ada Example', 'Create and sign in');
    const call = apiOf(product);
    const { path } = await call<{ path: string }>('POST', '/invitations', { role: 'admin' });
    await enter(ben.page, product.url + path, 'Ben Agent', 'Join');
    for (const person of [ada, ben]) {
      await person.page.goto(`${product.url}/inbox`);
      await row('Lucía', person).click();
      await person.page.getByRole('log').getByText('Do you ship to Cusco?').waitFor();
    }
    await ada.page.getByText('Ben Agent also has this open').waitFor();
    await ben.page.getByText('Ada Example also has this open').waitFor();
    await field(ben).pressSequentially('Yes, ');
    await ada.page.getByText('Ben Agent is writing an answer').waitFor();
    // After a while without a key, nobody writes any more.
    await ada.page.getByText('Ben Agent also has this open').waitFor();
    await row('Ivo', ben).click();
    await ada.page.getByText('Ben Agent also has this open').waitFor({ state: 'detached' });
  });

  test('a message of another chat is notified, heard, and counted on the tab', async () => {
    const { page } = ada;
    await page.context().grantPermissions(['notifications'], { origin: product.url });
    await page.addInitScript(() => {
      const heard = { shown: [] as string[], tones: 0 };
      Object.assign(window, { heard });
      class Told extends EventTarget {
        static permission = 'granted';
        static requestPermission = async () => 'granted';
        constructor(title: string, { body }: { body: string }) {
          super();
          heard.shown.push(`${title}: ${body}`);
        }
        close() {}
      }
      Object.assign(window, { Notification: Told });
      const { start } = OscillatorNode.prototype;
      OscillatorNode.prototype.start = function (when) {
        heard.tones += 1;
        start.call(this, when);
      };
    });
    await page.reload();
    await page.getByRole('button', { name: 'Me and settings' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Notify about new messages' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Sound for new messages' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('log').getByText('Do you ship to Cusco?').waitFor();
    await sandbox.write(IVO, SHOP, 'Then I come at five');
    const heard = () =>
      page.evaluate(
        () => (window as unknown as { heard: { shown: string[]; tones: number } }).heard,
      );
    await expect
      .poll(async () => (await heard()).shown, SOON)
      .toEqual(['Ivo: Then I come at five']);
    expect((await heard()).tones).toBe(2);
    const unread = page.getByRole('link', { name: /Inbox 1 unread chat/ }).first();
    // Ben has that chat open before him and so has read it.
    await ben.page.goto(`${product.url}/accounts`);
    await sandbox.write(IVO, SHOP, 'Or at six');
    await unread.waitFor();
    await expect.poll(() => page.title(), SOON).toMatch(/^\(1\) Inbox/);
    await expect
      .poll(() => page.locator('link[rel=icon]').getAttribute('href'), SOON)
      .toMatch(/^data:image\/svg/);
    await row('Ivo').click();
    await expect.poll(() => page.title(), SOON).toBe('Inbox · Patchbay');
    await expect
      .poll(() => page.locator('link[rel=icon]').getAttribute('href'), SOON)
      .toBe('/favicon.svg');
  });

  test('a large file shows how far it has come, and is taken back', async () => {
    const { page } = ada;
    await row('Lucía').click();
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    const limit = { offline: false, latency: 0, downloadThroughput: -1 };
    await session.send('Network.emulateNetworkConditions', {
      ...limit,
      uploadThroughput: 200_000,
    });
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name: 'catalogue.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.alloc(4_000_000),
      });
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const bubble = page.locator('[data-message]').filter({ hasText: 'catalogue.pdf' });
    const progress = bubble.getByRole('progressbar');
    await progress.waitFor();
    const share = () => progress.evaluate((bar: HTMLProgressElement) => bar.value);
    await expect.poll(share, { timeout: 15_000 }).toBeGreaterThan(0.02);
    await bubble.getByRole('button', { name: 'Cancel' }).click();
    await bubble.waitFor({ state: 'detached' });
    await session.send('Network.emulateNetworkConditions', { ...limit, uploadThroughput: -1 });
    await session.detach();
    await page.reload();
    await page.getByRole('log').getByText('Do you ship to Cusco?').waitFor();
    expect(await bubble.count()).toBe(0);
    expect((await sandbox.messages(LUCIA)).filter(({ kind }) => kind === 'document')).toEqual([]);
  });

  test('everything that the help names is done by keys alone', async () => {
    const { page } = ada;
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await press('Escape', 'Escape');
    await press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.waitFor();
    const named = await help
      .locator('dd')
      .evaluateAll((all) =>
        all.map((each) =>
          [...each.querySelectorAll('kbd')].map((key) => key.textContent).join(' '),
        ),
      );
    const done = new Set<string>();
    const does = async (keys: string, ...shown: string[]) => {
      await press(...keys.split(' '));
      for (const each of shown.length > 0 ? shown : [keys]) done.add(each);
    };
    await press('Escape');
    const isGoing = (keys: string) => keys.startsWith('g ') && keys !== 'g i';
    for (const keys of [...named.filter(isGoing), 'g i']) {
      const before = page.url();
      // The search page has the focus in its field, where letters are letters.
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await does(keys);
      // Settings lead on to their first page.
      await page.waitForURL((url) => url.href !== before && url.pathname !== '/settings');
    }
    await page.waitForURL(`${product.url}/inbox`);
    await row('Lucía').waitFor();
    await does('Control+k', 'Ctrl K');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type('Ivo');
    await page.getByRole('option', { name: /Ivo/ }).first().waitFor();
    await press('Enter');
    await page.getByRole('log').getByText('Or at six').waitFor();
    await does('Escape', 'Esc');
    await expect.poll(focused, SOON).toMatch(/Ivo/);
    await does('j');
    await does('k');
    await does('/');
    await page.keyboard.type('lucia');
    await row('Ivo').waitFor({ state: 'detached' });
    await row('Lucía').waitFor();
    await press('ArrowDown');
    await expect.poll(focused, SOON).toMatch(/Lucía/);
    await does('Enter', 'Enter');
    await page.getByRole('log').getByText('Do you ship to Cusco?').waitFor();
    await does('r');
    await page.keyboard.type('Yes, we do');
    await press('Enter');
    await page.locator('[data-message]').filter({ hasText: 'Yes, we do' }).waitFor();
    await press('Escape');
    await does('n');
    await page.keyboard.type('Likes boxes');
    await press('Control+Enter');
    await page.locator('[data-note]').filter({ hasText: 'Likes boxes' }).waitFor();
    await press('Escape');
    await does('a');
    await row('Lucía').getByRole('img', { name: 'Taken by Me' }).waitFor();
    // The answer to one change comes after the next change, and does not undo it.
    const answers: (() => Promise<void>)[] = [];
    const hold = async (route: Route) => {
      if (route.request().method() !== 'PATCH') return route.fallback();
      const response = await route.fetch();
      answers.push(() => route.fulfill({ response }));
    };
    await page.route(/\/chats\/[^/]+$/, hold);
    await does('u');
    await row('Lucía').getByRole('img', { name: 'Marked as unread' }).waitFor();
    await expect.poll(() => answers.length, SOON).toBe(1);
    const resolved = page.waitForResponse(/\/team$/);
    await does('e');
    await row('Lucía').getByRole('img', { name: 'Resolved' }).waitFor();
    await resolved;
    await sandbox.say(LUCIA, SHOP, { kind: 'reaction', target: question, emoji: '🙏' });
    await page.getByRole('log').getByText('🙏').waitFor();
    for (const answer of answers) await answer();
    await page.unroute(/\/chats\/[^/]+$/, hold);
    await does('i');
    await page.getByRole('complementary', { name: 'Details' }).waitFor({ state: 'detached' });
    await press('i');
    await page.getByRole('complementary', { name: 'Details' }).waitFor();
    await does('c');
    await page.getByRole('dialog', { name: 'New chat' }).waitFor();
    await press('Escape');
    await does('?');
    await help.waitFor();
    await press('Escape');
    await row('Lucía').getByRole('img', { name: 'Resolved' }).waitFor();
    expect(named.filter((keys) => !done.has(keys)).sort()).toEqual([]);
  });

  test('nothing went wrong unseen', () => {
    const refused = /status of 401|ERR_ABORTED/;
    expect([...ada.complaints, ...ben.complaints].filter((each) => !refused.test(each))).toEqual(
      [],
    );
  });
});

/** Somebody new, by a link that makes an account. */
async function enter(page: Page, link: string, name: string, button: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Name').fill(name);
  const email = page.getByLabel('E-mail');
  await email.fill(`${name.split(' ')[0]?.toLowerCase()}@example.org`);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('button', { name: 'Skip' }).click();
  await page.getByRole('link', { name: 'Later' }).waitFor();
}
