import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary: string }[];
}

/** Fails with what axe-core finds on the page as it is now, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await inaccessible(page)).toEqual([]);
}

/** What axe-core finds on the page as it is now, in light and in dark. */
export async function inaccessible(page: Page): Promise<string[]> {
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  // The theme it has comes last, so that it stays.
  const schemes = isDark ? (['light', 'dark'] as const) : (['dark', 'light'] as const);
  const [other, own] = schemes;
  // Another theme is other colours and nothing else.
  const ofOther = await violationsIn(page, other, ['color-contrast']);
  return [...ofOther, ...(await violationsIn(page, own))];
}

/** @param rules of axe-core; all of them unless named */
async function violationsIn(
  page: Page,
  colorScheme: 'light' | 'dark',
  rules?: string[],
): Promise<string[]> {
  await page.emulateMedia({ colorScheme });
  // What fades in is only half as dark on its way.
  await page.waitForFunction(() =>
    document.getAnimations().every((animation) => {
      const { duration, iterations } = animation.effect?.getComputedTiming() ?? {};
      // What breathes or turns, and the ring that counts a QR down, go on for ever.
      const isRing =
        'transitionProperty' in animation && animation.transitionProperty === 'stroke-dashoffset';
      const isLong = iterations === Number.POSITIVE_INFINITY || Number(duration) > 5_000;
      return isRing || isLong || animation.playState !== 'running';
    }),
  );
  // As an expression of the debugger's: a script element would be refused by our policy.
  await page.evaluate(axe.source);
  const found = await page.evaluate(
    async (options) => {
      const there = window as unknown as {
        axe: { run(context: Document, options: object): Promise<{ violations: Violation[] }> };
      };
      return (await there.axe.run(document, options)).violations;
    },
    { resultTypes: ['violations'], ...(rules && { runOnly: rules }) },
  );
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ html, failureSummary }) => `${colorScheme} ${id}: ${help}\n${html}\n${failureSummary}`,
    ),
  );
}
