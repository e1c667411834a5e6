import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, inaccessible } from './accessible.js';
import { openBrowser, openPage, screenshot } from './browser.js';
import { type Populated, populate } from './populated.js';
import { type Product, signInTo, startProduct } from './product.js';

const DESKTOP = { width: 1440, height: 900, colorScheme: 'light' } as const;
const PHONE = { width: 390, height: 844, colorScheme: 'light' } as const;
const FOR_PICTURES = [
  { ...DESKTOP, colorScheme: 'dark' },
  { width: 1024, height: 768, colorScheme: 'light' },
  { width: 1024, height: 768, colorScheme: 'dark' },
  { ...PHONE, colorScheme: 'dark' },
] as const;
/** Colours are judged in both themes at each width; the others are for who wants to see all. */
const LOOKS = [DESKTOP, PHONE, ...(process.env.E2E_SCREENSHOTS ? FOR_PICTURES : [])] as const;
const PASSWORD = 'a good long password';

interface Shown {
  name: string;
  path: string;
  /** Somebody sees it without signing in. */
  outside?: boolean;
  /** Stands on the page when it is drawn. */
  text: string | RegExp;
  /** What is done before it is looked at; a page of its own for each. */
  act?: (page: Page) => Promise<void>;
}

interface Failing {
  path: string;
  /** What the page asks the server for, and is refused. */
  refused: RegExp;
}

/**
 * Every page at every width, light and dark: axe finds nothing, nothing is wider than the screen,
 * and E2E_SCREENSHOTS gets a picture of each (`npm run screenshots`).
 */
describe('every page', () => {
  let product: Product;
  let browser: Browser;
  let filled: Populated;

  beforeAll(async () => {
    browser = await openBrowser();
    product = await startProduct();
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  /** A page of a browser of its own, signed in at an address. */
  const at = async (path: string, look: (typeof LOOKS)[number] = DESKTOP) => {
    const { page, complaints } = await openPage(browser, product.url, look);
    await page.goto(signInTo(product, path));
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
    return { page, complaints };
  };
  const leave = (page: Page) => page.context().close();

  const EMPTY: [path: string, text: string][] = [
    ['/accounts', 'Link your first number'],
    ['/inbox', 'Connect a WhatsApp number'],
    ['/chatbots', 'Let a program answer'],
    ['/routes', 'Groups'],
    ['/search', 'Search'],
    ['/bulk', 'Write to many at once'],
    ['/webhooks', 'Tell a program what happens'],
    ['/settings/replies', 'No canned replies yet'],
    ['/settings/labels', 'No labels yet'],
    ['/settings/keys', 'API keys'],
    ['/settings/users', 'Users'],
  ];

  test.each(EMPTY)('%s says what it is for while there is nothing', async (path, text) => {
    const { page } = await at(path);
    await page.getByText(text).first().waitFor();
    await settled(page);
    await expectAccessible(page);
    await screenshot(page, `empty${path.replaceAll('/', '-')}`);
    await leave(page);
  });

  test('the first steps', async () => {
    const { page } = await openPage(browser, product.url, LOOKS[4]);
    const look = async (name: string) => {
      await expectAccessible(page);
      await screenshot(page, `entry-${name}`);
    };
    await page.goto(`${product.url}/sign-in`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await look('sign-in');
    await page.goto(`${product.url}/join#wrong`);
    await page.getByRole('heading', { name: 'This link cannot be used' }).waitFor();
    await look('join-wrong');
    await page.goto(product.setUpLink);
    await page.getByLabel('Name').fill('Ada Example');
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Password').fill(PASSWORD);
    await look('set-up');
    await page.getByRole('button', { name: 'Create and sign in' }).click();
    await page.getByRole('heading', { name: /^Welcome/ }).waitFor();
    await look('welcome');
    await page.goto(product.url);
    await page.waitForURL(`${product.url}/welcome`);
    await page.getByRole('button', { name: 'Skip' }).click();
    await page.getByRole('heading', { name: 'Connect a number' }).waitFor();
    await look('connect');
    await page.goto(product.url);
    await page.waitForURL(`${product.url}/accounts`);
    await leave(page);
  });

  test('what was used last is what the bare address leads to', async () => {
    const { page } = await at('/settings/about');
    filled = await populate(product, page);
    await page.goto(product.url);
    await page.waitForURL(`${product.url}/settings/profile`);
    await page.getByRole('link', { name: 'Inbox' }).click();
    await page.getByRole('region', { name: 'Chats' }).waitFor();
    await page.goto(product.url);
    await page.waitForURL(`${product.url}/inbox`);
    await leave(page);
  });

  const pages = (): Shown[] => [
    { name: 'inbox', path: '/inbox', text: 'Sofía Ramos' },
    { name: 'chat', path: `/inbox?chat=${enc(filled.lucia)}`, text: /^via Front desk/ },
    {
      name: 'details',
      path: `/inbox?chat=${enc(filled.lucia)}&details=true`,
      text: 'Shared in this chat',
    },
    {
      name: 'group',
      path: `/inbox?chat=${enc(filled.group)}`,
      text: /@Sofía Ramos great, I will tell @Shop phone/,
    },
    { name: 'accounts', path: '/accounts', text: 'Workshop, second floor' },
    { name: 'account', path: `/accounts/${filled.shop}`, text: /I take two/ },
    {
      name: 'timeline',
      path: `/accounts/${filled.shop}?view=timeline`,
      text: /Connected/,
    },
    { name: 'account-waiting', path: `/accounts/${filled.waiting}`, text: /Linked devices/ },
    { name: 'chatbots', path: '/chatbots', text: 'Helper of the shop' },
    { name: 'chatbot', path: `/chatbots/${filled.chatbot}`, text: 'Helper of the shop' },
    {
      name: 'chatbot-usage',
      path: `/chatbots/${filled.chatbot}?view=usage`,
      text: 'Helper of the shop',
    },
    { name: 'routes', path: '/routes', text: 'Warehouse team' },
    { name: 'search', path: '/search', text: 'Search' },
    { name: 'bulk-new', path: '/bulk/new', text: 'What would be sent' },
    { name: 'webhooks', path: '/webhooks', text: 'Order system' },
    { name: 'webhook', path: `/webhooks/${filled.webhook}`, text: 'Order system' },
    { name: 'profile', path: '/settings/profile', text: 'Sign out everywhere' },
    { name: 'slots', path: '/settings/slots', text: /Front desk/ },
    { name: 'users', path: '/settings/users', text: 'Ada Example' },
    { name: 'keys', path: '/settings/keys', text: 'Order system' },
    { name: 'replies', path: '/settings/replies', text: '/hours' },
    { name: 'labels', path: '/settings/labels', text: 'Wholesale' },
    { name: 'knowledge', path: '/settings/knowledge', text: 'Knowledge' },
    { name: 'jobs', path: '/settings/jobs', text: 'Jobs' },
    { name: 'audit', path: '/settings/audit', text: /Ada Example|API key of the server/ },
    { name: 'about', path: '/settings/about', text: /Version/ },
    { name: 'not-found', path: '/no-such-page', text: 'There is no such page' },
  ];

  test.each(LOOKS)('is whole at $width px, $colorScheme', async (look) => {
    const { page, complaints } = await at('/accounts', look);
    const wrong: string[] = [];
    for (const { name, path, text } of pages()) {
      await page.goto(product.url + path);
      await page.getByText(text).filter({ visible: true }).first().waitFor();
      await settled(page);
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth > window.innerWidth,
      );
      if (wide) wrong.push(`${name}: wider than the screen`);
      if (look.width < 640)
        wrong.push(...(await smallTargets(page)).map((each) => `${name}: ${each}`));
      // Both themes are looked at in each.
      if (look.colorScheme === 'light' && look.width !== 1024)
        wrong.push(...(await inaccessible(page)).map((each) => `${name}: ${each}`));
      await screenshot(page, `${name}-${look.width}-${look.colorScheme}`);
    }
    expect(wrong).toEqual([]);
    expect(complaints).toEqual([]);
    await leave(page);
  });

  const dialogs = (): Shown[] => [
    {
      name: 'add-account',
      path: '/accounts?add=true',
      text: 'Front desk',
      act: (page) => page.getByRole('dialog').waitFor(),
    },
    { name: 'new-chat', path: '/inbox', text: 'Sofía Ramos', act: pressing('c') },
    { name: 'shortcuts', path: '/inbox', text: 'Sofía Ramos', act: pressing('?') },
    { name: 'palette', path: '/inbox', text: 'Sofía Ramos', act: pressing('Control+k') },
    { name: 'theme', path: '/accounts', text: 'Front desk', act: clicking('Theme') },
    { name: 'me', path: '/accounts', text: 'Front desk', act: clicking('Me and settings') },
    { name: 'webhook-form', path: '/webhooks?add=true', text: 'Order system' },
    { name: 'invite', path: '/settings/users', text: 'Ada Example', act: clicking('Invite') },
    {
      name: 'reply-form',
      path: '/settings/replies',
      text: '/hours',
      act: clicking('Change /hours'),
    },
    {
      name: 'label-form',
      path: '/settings/labels',
      text: 'Wholesale',
      act: clicking('Change Wholesale'),
    },
    { name: 'chatbot-form', path: '/chatbots?add=true', text: 'Helper of the shop' },
    { name: 'key-form', path: '/settings/keys', text: 'Order system', act: clicking('New key') },
    {
      name: 'viewer',
      path: `/inbox?chat=${enc(filled.lucia)}`,
      text: /I take two/,
      act: async (page) => {
        await page
          .getByRole('button', { name: /^Picture, / })
          .first()
          .click();
        await page.getByRole('dialog', { name: 'Picture' }).waitFor();
      },
    },
    {
      name: 'labels',
      path: `/inbox?chat=${enc(filled.lucia)}`,
      text: /I take two/,
      act: clicking('Add a label'),
    },
    {
      name: 'chat-menu',
      path: `/inbox?chat=${enc(filled.lucia)}`,
      text: /I take two/,
      act: clicking('More for this chat'),
    },
    {
      name: 'danger',
      path: `/accounts/${filled.shop}`,
      text: /I take two/,
      act: async (page) => {
        await page
          .getByRole('button', { name: /^More for/ })
          .first()
          .click();
        await page
          .getByRole('menuitem', { name: /Remove|Delete/ })
          .first()
          .click();
        await page.getByRole('dialog').waitFor();
      },
    },
  ];

  test('dialogs and menus', async () => {
    const wrong: string[] = [];
    for (const { name, path, text, act } of dialogs()) {
      const { page } = await at(path);
      await page.getByText(text).filter({ visible: true }).first().waitFor();
      await act?.(page);
      await settled(page);
      wrong.push(...(await inaccessible(page)).map((each) => `${name}: ${each}`));
      await screenshot(page, `dialog-${name}`);
      await leave(page);
    }
    expect(wrong).toEqual([]);
  });

  const failing = (): Failing[] => [
    { path: '/inbox', refused: /\/api\/chats\?/ },
    { path: `/inbox?chat=${enc(filled.lucia)}`, refused: /\/messages\?|\/shared\?|\/notes\?/ },
    { path: '/accounts', refused: /\/api\/sessions$/ },
    { path: `/accounts/${filled.shop}`, refused: /\/api\/sessions\/[^/]+$/ },
    { path: '/bulk', refused: /\/api\/bulk-sends/ },
    { path: '/webhooks', refused: /\/api\/webhooks(\?|$)/ },
    { path: `/webhooks/${filled.webhook}`, refused: /\/deliveries/ },
    { path: '/settings/slots', refused: /\/api\/sessions$/ },
    { path: '/settings/users', refused: /\/api\/users\?/ },
    { path: '/settings/keys', refused: /\/api\/keys/ },
    { path: '/settings/replies', refused: /\/canned-replies/ },
    { path: '/settings/labels', refused: /\/team\/labels/ },
    { path: '/settings/knowledge', refused: /\/api\/knowledge/ },
    { path: '/settings/jobs', refused: /\/api\/jobs/ },
    { path: '/chatbots', refused: /\/api\/chatbots/ },
    { path: '/routes', refused: /\/api\/routes/ },
    { path: '/settings/audit', refused: /\/api\/audit/ },
  ];

  test('what the server refuses is said, with a way to try again', async () => {
    const { page } = await at('/settings/about');
    const wrong: string[] = [];
    for (const { path, refused } of failing()) {
      const body = { error: { code: 'internal', message: 'It is broken today', requestId: 'r-1' } };
      await page.route(refused, (route) => route.fulfill({ status: 503, json: body }));
      await page.goto(product.url + path);
      await page.getByRole('alert').first().waitFor();
      wrong.push(...(await inaccessible(page)).map((each) => `${path}: ${each}`));
      await screenshot(
        page,
        `error${path
          .split('?')[0]
          ?.replace(/\/[0-9a-z-]{16,}/, '-one')
          .replaceAll('/', '-')}`,
      );
      await page.unroute(refused);
    }
    expect(wrong).toEqual([]);
    await leave(page);
  });
});

const enc = encodeURIComponent;
const pressing = (keys: string) => async (page: Page) => {
  await page.keyboard.press(keys);
  await page.getByRole('dialog').waitFor();
};
const clicking = (name: string) => async (page: Page) => {
  await page.getByRole('button', { name, exact: true }).first().click();
  await page.locator('[role=menu], [role=dialog], dialog').first().waitFor();
};

/** Nothing loads any more, and every picture in sight is there. */
async function settled(page: Page): Promise<void> {
  await page
    .waitForFunction(
      () => {
        const busy = document.querySelector('[role=status][aria-label^=Loading]');
        const thread = document.querySelector('section [role=log]');
        const isThere = !thread?.checkVisibility() || thread.querySelector('[data-message]');
        const isAsked = window.location.search.includes('chat=');
        return !busy && isThere && (!isAsked || thread);
      },
      undefined,
      { timeout: 20_000 },
    )
    .catch(() => {
      throw new Error(`${page.url()} goes on loading`);
    });
}

/** What a finger would miss: buttons and links of less than 40 px that are not part of a text. */
async function smallTargets(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const targets = document.querySelectorAll<HTMLElement>(
      'button, a[href], input:not(.sr-only), select, summary, [role=menuitem]',
    );
    return [...targets].flatMap((target) => {
      const { width, height } = target.getBoundingClientRect();
      const isInText = getComputedStyle(target).display === 'inline';
      const label = target.closest('label')?.getBoundingClientRect();
      const isSkip = target.classList.contains('sr-only');
      const hidden = isSkip || width <= 1 || height <= 1 || !target.checkVisibility();
      if (hidden || isInText || (label && label.height >= 40)) return [];
      if (Math.min(width, height) >= 39.5) return [];
      const name = target.getAttribute('aria-label') ?? target.textContent ?? '';
      return [`${Math.round(width)} × ${Math.round(height)}: ${name.slice(0, 60)}`];
    });
  });
}
