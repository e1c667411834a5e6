import type { Browser } from 'playwright-core';
import { openBrowser, openPage, type WatchedPage } from './browser.js';
import { type Product, startProduct } from './product.js';
import { Sandbox } from './sandbox.js';

/** Somebody who has linked a simulated phone and sits before its chats. */
export interface Desk<Started extends Product = Product> extends WatchedPage {
  product: Started;
  browser: Browser;
  sandbox: Sandbox;
  /** The linked number, and one that writes to it. */
  ana: string;
  bruno: string;
  stop(): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  return await openDeskOf(await startProduct());
}

/** Links the first phone of a product that was just started. */
export async function openDeskOf<Started extends Product>(
  product: Started,
): Promise<Desk<Started>> {
  const browser = await openBrowser();
  const sandbox = new Sandbox(product.sandboxUrl);
  const [first, second] = await sandbox.phones();
  const watched = await openPage(browser, product.url);
  const { page } = watched;
  await page.goto(product.signInLink);
  await page.getByRole('button', { name: 'Add account' }).click();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Choose a simulated phone' }).click();
  await page.getByRole('menuitem', { name: first?.name ?? '' }).click();
  await page.locator('[data-status=connected]').filter({ visible: true }).first().waitFor();
  await page.getByRole('link', { name: /^Messages of / }).click();
  await page.getByRole('log').waitFor();
  return {
    ...watched,
    product,
    browser,
    sandbox,
    ana: first?.phone ?? '',
    bruno: second?.phone ?? '',
    async stop() {
      await browser.close();
      await product.stop();
    },
  };
}
