import type { Page } from 'playwright-core';
import { request } from 'undici';
import type { Tab } from './browser.js';

/** A page opened by its address, nothing in the cache. */
export interface PageOpening {
  /** From the beginning of the navigation until its content is painted and no long task runs (ms). */
  interactive: number;
  /** Of all scripts that it asked for until then: as served to a browser that takes gzip. */
  scriptBytes: number;
  scripts: number;
}

/** @param content what a person came for, as a selector */
export async function openPage(tab: Tab, url: string, content: string): Promise<PageOpening> {
  const { page } = tab;
  await page.goto(url, { waitUntil: 'commit' });
  const [painted] = await Promise.all([
    page.evaluate((selector) => window.probe.painted(selector), content),
    // Ends the waiting when it does not come.
    page.locator(content).first().waitFor({ state: 'attached' }),
  ]);
  const interactive = Math.max(painted, await page.evaluate(() => window.probe.lastLongTask()));
  const scripts = await scriptsUntil(page, interactive);
  const sizes = await Promise.all(scripts.map(gzippedSize));
  return {
    interactive,
    scriptBytes: sizes.reduce((sum, size) => sum + size, 0),
    scripts: scripts.length,
  };
}

async function scriptsUntil(page: Page, until: number): Promise<string[]> {
  return await page.evaluate((at) => {
    const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const asked = entries.filter((entry) => entry.startTime <= at).map(({ name }) => name);
    return [...new Set(asked.filter((name) => new URL(name).pathname.endsWith('.js')))];
  }, until);
}

/** Bytes on the wire, without headers. */
async function gzippedSize(url: string): Promise<number> {
  const { body } = await request(url, { headers: { 'accept-encoding': 'gzip' } });
  return (await body.arrayBuffer()).byteLength;
}
