import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './accessible.js';
import { openBrowser, openPage, screenshot, type WatchedPage } from './browser.js';
import { type Product, signInTo, startProduct } from './product.js';
import { Sandbox } from './sandbox.js';

/**
 * How soon an account that was logged out must show its QR again, in every open page. A browser is
 * started anew for it.
 */
const QR_BACK_WITHIN_MS = { Baileys: 2_000, Browser: 15_000 };

/** A Chromium of its own for each account takes long: that story is one of the long tests. */
const ENGINES =
  process.env.TEST_LONG === undefined ? (['Baileys'] as const) : (['Baileys', 'Browser'] as const);

/** A number is linked, messages flow both ways, the link is lost and offered anew: one story. */
describe.each(ENGINES)('a number links and messages flow: %s', (engine) => {
  let product: Product;
  let browser: Browser;
  let sandbox: Sandbox;
  /** Two people: one at the list of accounts, one at the account's own page. */
  let list: WatchedPage;
  let account: WatchedPage;
  let ana: { phone: string; name: string };
  let bruno: { phone: string; name: string };

  beforeAll(async () => {
    browser = await openBrowser();
    product = await startProduct();
    sandbox = new Sandbox(product.sandboxUrl);
    const [first, second] = await sandbox.phones();
    if (!first || !second) throw new Error('The sandbox starts without phones');
    ana = first;
    bruno = second;
    list = await openPage(browser, product.url);
    account = await openPage(browser, product.url);
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  test('the printed link signs in and leaves the key out of the address', async () => {
    await list.page.goto(product.signInLink);
    await list.page.waitForURL(`${product.url}/accounts`);
    await list.page.getByRole('heading', { name: 'Link your first number' }).waitFor();
    await screenshot(list.page, '01-no-accounts');
  });

  test('without the link the page asks for the key', async () => {
    const { page } = account;
    await page.goto(`${product.url}/accounts`);
    await page.getByLabel('API key').fill('not the key');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await screenshot(page, '02-sign-in');
    await page.getByLabel('API key').fill(product.apiKey);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${product.url}/accounts`);
  });

  test('a new account shows its QR, in both pages', async () => {
    await addAccount(list.page, 'Front desk', engine);
    await Promise.all([qrOf(list.page).waitFor(), qrOf(account.page).waitFor()]);
    await expectGoodQr(list.page);
    await screenshot(list.page, '03-awaiting-scan');
  });

  test('a simulated phone scans it and the account connects', async () => {
    await list.page.getByRole('button', { name: 'Choose a simulated phone' }).click();
    await screenshot(list.page, '04-choose-phone');
    await list.page.getByRole('menuitem', { name: ana.name }).click();
    await Promise.all([badge(list.page, 'connected'), badge(account.page, 'connected')]);
    await list.page.getByText(international(ana.phone)).waitFor();
    await screenshot(list.page, '05-connected');
  });

  test('a message comes in and is answered; the ticks go up to read', async () => {
    const { page } = account;
    await page.getByRole('link', { name: /^Messages of / }).click();
    await page.waitForURL(`${product.url}/accounts/*`);
    await page.getByRole('log').waitFor();
    await stay(list.page);
    await stay(page);

    await sandbox.write(bruno.phone, ana.phone, 'Is the shop open today?');
    await page.getByText('Is the shop open today?').waitFor();
    await page.getByText('Is the shop open today?').hover();
    await page
      .getByRole('button', { name: `Reply to ${bruno.name}` })
      .last()
      .click();
    const text = 'Yes, until eight 👋\nSee you!';
    await page.getByRole('textbox', { name: 'Write a message' }).fill(text);
    await page.keyboard.press('Enter');
    const bubble = page.locator('[data-message]', { hasText: 'Yes, until eight' });
    await bubble.locator('[data-tick=delivered]').waitFor();
    await screenshot(page, '06-delivered');

    await sandbox.read(bruno.phone, ana.phone);
    await bubble.locator('[data-tick=read]').waitFor();
    await screenshot(page, '07-read');
    const received = (await sandbox.messages(bruno.phone)).filter((each) => each.text === text);
    expect(received).toMatchObject([{ deliveries: 1 }]);
    expect(await bubble.count()).toBe(1);
  });

  test('a disconnected account connects again without a scan', async () => {
    const { page } = list;
    await page.getByRole('button', { name: /^More for / }).click();
    await page.getByRole('menuitem', { name: 'Disconnect' }).click();
    await badge(page, 'closed');
    await screenshot(page, '08-closed');
    await page.getByRole('button', { name: 'Reconnect' }).click();
    await Promise.all([badge(page, 'connected'), badge(account.page, 'connected')]);
  });

  test('unlinked at the phone, the QR is back by itself in both pages', async () => {
    await sandbox.unlinkAll(ana.phone);
    const loggedOut = performance.now();
    await Promise.all([qrOf(list.page).waitFor(), qrOf(account.page).waitFor()]);
    const took = performance.now() - loggedOut;
    await Promise.all([badge(list.page, 'qr'), badge(account.page, 'qr')]);
    await expectGoodQr(account.page);
    await screenshot(list.page, '09-qr-is-back');
    await screenshot(account.page, '10-qr-is-back-account');
    expect(took).toBeLessThan(QR_BACK_WITHIN_MS[engine]);
    expect(await stayed(list.page)).toBe(true);
    expect(await stayed(account.page)).toBe(true);
  });

  test('a pairing code links it again', async () => {
    const { page } = list;
    await page.getByRole('tab', { name: 'Pairing code' }).click();
    await page.getByLabel('Phone number').fill(`+${ana.phone}`);
    await page.getByRole('button', { name: 'Get a code' }).click();
    const shown = page.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    const code = await shown.textContent();
    await screenshot(page, '11-pairing-code');
    await sandbox.enterPairingCode(ana.phone, code ?? '');
    await Promise.all([badge(page, 'connected'), badge(account.page, 'connected')]);
  });

  test('without the live stream the page asks by itself and says so', async () => {
    const { page, complaints } = await openPage(browser, product.url);
    await page.routeWebSocket(/\/api\/ws/, (socket) => socket.close());
    await page.goto(signInTo(product, '/accounts'));
    await badge(page, 'connected');
    await page.getByText('No live connection to the server').waitFor();
    await addAccount(list.page, 'Workshop');
    await page.getByRole('heading', { name: 'Workshop' }).waitFor({ timeout: 7_000 });
    await screenshot(page, '12-polling');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('removing an account asks for its name and removes it everywhere', async () => {
    const { page } = list;
    await page.getByRole('button', { name: 'More for Workshop' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    const dialog = page.getByRole('dialog');
    const remove = dialog.getByRole('button', { name: 'Remove account' });
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('Workshop');
    await screenshot(page, '13-remove');
    await remove.click();
    await page.getByRole('article', { name: 'Workshop' }).waitFor({ state: 'detached' });
  });

  // No engine has a part in it: looked at with one of them.
  const looks = [
    ['phone', 390, 844],
    ['desktop', 1280, 800],
  ] as const;
  test.each(engine === 'Baileys' ? looks : [])(
    'dark, at the width of a %s',
    async (name, width, height) => {
      const { page, complaints } = await openPage(browser, product.url, {
        width,
        height,
        colorScheme: 'dark',
      });
      await page.goto(signInTo(product, '/accounts'));
      await badge(page, 'connected');
      await expectNoSidewaysScroll(page);
      await screenshot(page, `14-${name}-accounts`);
      await page.getByRole('link', { name: /^Messages of / }).click();
      await page.getByText('Is the shop open today?').first().waitFor();
      await expectNoSidewaysScroll(page);
      await screenshot(page, `15-${name}-account`);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  test('nothing went wrong unseen', () => {
    expect(list.complaints).toEqual([]);
    expect(account.complaints).toEqual([]);
  });
});

async function addAccount(
  page: Page,
  name: string,
  engine: 'Baileys' | 'Browser' = 'Baileys',
): Promise<void> {
  await page.getByRole('button', { name: 'Add account' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('radio', { name: engine }).check({ force: true });
  await expectAccessible(page);
  await screenshot(page, `02-engine-${engine}`);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('article', { name }).waitFor();
}

function qrOf(page: Page): Locator {
  return page.getByRole('img', { name: /^QR code to link/ });
}

async function badge(page: Page, status: string): Promise<void> {
  await page.locator(`[data-status=${status}]`).filter({ visible: true }).first().waitFor();
}

/** The picture has its full size on the screen, and its pixels have arrived. */
async function expectGoodQr(page: Page): Promise<void> {
  const box = await qrOf(page).boundingBox();
  expect(box).toMatchObject({ width: 232, height: 232 });
  const pixels = await qrOf(page).evaluate((image) => (image as HTMLImageElement).naturalWidth);
  expect(pixels).toBeGreaterThanOrEqual(232);
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide).toBe(false);
}

/** Marks a page's document, so that `stayed` can tell whether it was loaded anew. */
async function stay(page: Page): Promise<void> {
  await page.evaluate(() => document.documentElement.setAttribute('data-e2e-stay', ''));
}

async function stayed(page: Page): Promise<boolean> {
  return await page.evaluate(() => document.documentElement.hasAttribute('data-e2e-stay'));
}

/** The pages show numbers in groups; digits and order are what counts here. */
function international(phone: string): RegExp {
  return new RegExp(`^\\+${[...phone].join('\\s?')}`);
}
