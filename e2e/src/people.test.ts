import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './accessible.js';
import { openBrowser, openPage, screenshot, type WatchedPage } from './browser.js';
import { type Product, startProduct } from './product.js';

const PASSWORD = 'a good long password';

/** From a server without users to a team: the first admin, an agent, what is shared, a key. */
describe('people', () => {
  let product: Product;
  let browser: Browser;
  let admin: WatchedPage;
  let agent: WatchedPage;
  let invitation = '';

  beforeAll(async () => {
    browser = await openBrowser();
    product = await startProduct();
    admin = await openPage(browser, product.url);
    agent = await openPage(browser, product.url, { width: 390, height: 844 });
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  /** The page as it is, in a picture, and nothing for axe to find. */
  async function looksWell(page: Page, name: string): Promise<void> {
    await screenshot(page, name);
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await screenshot(page, `${name}-dark`);
    await page.emulateMedia({ colorScheme: 'light' });
  }

  /** Every list of the page is there. */
  async function loaded(page: Page): Promise<void> {
    await page.waitForFunction(() => !document.querySelector('[role=status][aria-label=Loading]'));
  }

  test('the printed link makes the first admin, who is welcomed', async () => {
    const { page } = admin;
    await page.goto(`${product.url}/accounts`);
    await page.getByRole('link', { name: 'Create the first admin' }).waitFor();
    await looksWell(page, 'people-01-sign-in-before');
    await page.goto(product.setUpLink);
    await page.getByRole('heading', { name: 'Create the first admin' }).waitFor();
    expect(page.url()).not.toContain('#');
    await page.getByLabel('Name').fill('Ada Example');
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Password').fill(PASSWORD);
    await looksWell(page, 'people-02-set-up');
    await page.getByRole('button', { name: 'Create and sign in' }).click();
    await page.getByRole('heading', { name: 'Welcome, Ada Example' }).waitFor();
    await page.getByLabel('Your WhatsApp number').fill('12');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').getByText('country code').waitFor();
    await looksWell(page, 'people-03-welcome');
    await page.getByLabel('Your WhatsApp number').fill('+51 987 654 321');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Connect a number' }).waitFor();
    await page.getByRole('link', { name: 'Connect a number' }).click();
    await page.getByRole('dialog', { name: 'Add account' }).waitFor();
    await page.getByLabel('Name').fill('Front desk');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page
      .getByRole('link', { name: /Front desk/ })
      .first()
      .waitFor();
  });

  test('somebody is invited by a link, joins on a phone, and sees nothing yet', async () => {
    const { page } = admin;
    await page.goto(`${product.url}/settings/users`);
    await page.getByRole('list', { name: 'Users' }).getByText('Ada Example (you)').waitFor();
    await page.getByRole('button', { name: 'Invite' }).click();
    await looksWell(page, 'people-04-invite');
    await page.getByRole('button', { name: 'Create link' }).click();
    const link = page.getByRole('dialog').getByLabel('Link');
    invitation = await link.inputValue();
    expect(invitation).toContain(`${product.url}/join#`);
    await looksWell(page, 'people-05-link');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('Anybody with the link').waitFor();

    const phone = agent.page;
    await phone.goto(invitation);
    await phone.getByText('You are invited as an agent.').waitFor();
    await phone.getByLabel('Name').fill('Ben Agent');
    await phone.getByLabel('E-mail').fill('ben@example.org');
    await phone.getByLabel('Password').fill(PASSWORD);
    await looksWell(phone, 'people-06-join-phone');
    await phone.getByRole('button', { name: 'Join' }).click();
    await phone.getByRole('button', { name: 'Skip' }).click();
    await phone.getByRole('link', { name: 'Later' }).click();
    await phone.getByRole('heading', { name: 'Link your first number' }).waitFor();
    expect(await phone.getByText('Front desk').count()).toBe(0);
  });

  test('what is shared appears without a reload, and goes again', async () => {
    const { page } = admin;
    await page.goto(`${product.url}/accounts`);
    await page
      .getByRole('link', { name: /Front desk/ })
      .first()
      .click();
    await page.locator('summary', { hasText: 'Sharing' }).click();
    const ben = page.getByLabel('Ben Agent');
    await ben.check();
    await agent.page.getByText('Front desk').first().waitFor();
    await looksWell(page, 'people-07-sharing');
    await ben.uncheck();
    await agent.page.getByRole('heading', { name: 'Link your first number' }).waitFor();
  });

  test('a key is made, shown once and revoked', async () => {
    const { page } = admin;
    await page.goto(`${product.url}/settings/keys`);
    await page.getByRole('heading', { name: 'Let a program in' }).waitFor();
    await looksWell(page, 'people-08-no-keys');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Name').fill('Till');
    await page.getByLabel('Read chats, events and settings').uncheck();
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('alert').getByText('Choose at least one.').waitFor();
    await page.getByLabel('Read chats, events and settings').check();
    expect(await page.getByText('Choose at least one.').count()).toBe(0);
    for (const displayName of ['Back office', 'Warehouse']) {
      const made = await fetch(`${product.url}/api/accounts`, {
        method: 'POST',
        headers: { 'x-api-key': product.apiKey, 'content-type': 'application/json' },
        body: JSON.stringify({ displayName }),
      });
      expect(made.status).toBe(201);
    }
    await page.getByLabel('Accounts', { exact: true }).selectOption('Only these');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('alert').getByText('Choose at least one account.').waitFor();
    await page.getByLabel('Front desk').check();
    await page.getByLabel('Warehouse').check();
    await looksWell(page, 'people-09-new-key');
    await page.getByRole('button', { name: 'Create key' }).click();
    const key = await page.getByRole('dialog').getByLabel('API key').inputValue();
    const headers = { 'x-api-key': key };
    const ask = async () => (await fetch(`${product.url}/api/sessions`, { headers })).status;
    expect(await ask()).toBe(200);
    const accounts = await fetch(`${product.url}/api/accounts`, { headers });
    const names = (await accounts.json()) as { displayName: string }[];
    expect(names.map(({ displayName }) => displayName)).toEqual(['Front desk', 'Warehouse']);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('2 accounts').waitFor();
    await looksWell(page, 'people-10-keys');
    await page.getByRole('button', { name: 'Revoke Till' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Revoked').waitFor();
    expect(await ask()).toBe(401);
  });

  test('every part of the settings, on a desk and on a phone', async () => {
    const { page } = admin;
    for (const part of ['profile', 'slots', 'labels', 'users', 'audit', 'about']) {
      await page.goto(`${product.url}/settings/${part}`);
      await page.getByRole('heading', { level: 2 }).first().waitFor();
      await loaded(page);
      await looksWell(page, `people-11-${part}`);
    }
    const phone = agent.page;
    for (const part of ['profile', 'slots', 'replies', 'keys']) {
      await phone.goto(`${product.url}/settings/${part}`);
      await phone.getByRole('heading', { level: 2 }).first().waitFor();
      await loaded(phone);
      await looksWell(phone, `people-12-phone-${part}`);
    }
    expect(await phone.getByRole('link', { name: 'Audit log' }).count()).toBe(0);
  });

  test('a reset link sets a new password; the old sign-in ends; a used link says so', async () => {
    const { page } = admin;
    await page.goto(`${product.url}/settings/users`);
    await page.getByRole('button', { name: 'Password reset link for Ben Agent' }).click();
    const link = await page.getByRole('dialog').getByLabel('Link').inputValue();
    await page.getByRole('button', { name: 'Done' }).click();
    const phone = agent.page;
    await phone.goto(link);
    await phone.getByRole('heading', { name: 'Set a new password' }).waitFor();
    await phone.getByLabel('New password').fill(`${PASSWORD} too`);
    await phone.getByRole('button', { name: 'Set password and sign in' }).click();
    await phone.waitForURL(`${product.url}/accounts`);
    await phone.goto(`${product.url}/settings/profile`);
    expect(agent.complaints).toEqual([]);
    await phone.getByRole('button', { name: 'Sign out everywhere' }).click();
    await phone.getByLabel('E-mail').fill('ben@example.org');
    await phone.getByLabel('Password').fill(PASSWORD);
    await phone.getByRole('button', { name: 'Sign in' }).click();
    await phone.getByRole('alert').getByText('E-mail or password is wrong.').waitFor();
    await looksWell(phone, 'people-13-sign-in-phone');
    await phone.getByLabel('Password').fill(`${PASSWORD} too`);
    await phone.getByRole('button', { name: 'Sign in' }).click();
    await phone.waitForURL(`${product.url}/accounts`);
    // The live stream ends with the sign-in, and what the page then asks before it has left is refused.
    const refused = /status of 401 \(Unauthorized\)/;
    expect(agent.complaints.filter((line) => !refused.test(line))).toEqual([]);
    await phone.goto(invitation);
    await phone.getByRole('heading', { name: 'This link cannot be used' }).waitFor();
    await looksWell(phone, 'people-14-used-link');
  });

  test('nothing was complained about on the desk', () => {
    expect(admin.complaints).toEqual([]);
  });
});
