import { setTimeout as pause } from 'node:timers/promises';
import type { Child } from '../child.js';
import type { PacedOrder } from '../sandbox-process.js';
import type { Tab } from './browser.js';
import { percentile } from './percentile.js';

/** Between two presses of a key (ms): a quick typist. */
const KEY_EVERY_MS = 60;
const ARRIVED_WITHIN_MS = 20_000;

export interface Busy {
  /** From the press of a key until the page hears of it, and until its letter is painted (ms). */
  delayP99: number;
  toPaintP99: number;
  frameP99: number;
  presses: number;
}

/** Somebody writes in an open chat, while messages come in at this rate. */
export async function writeUnderTraffic(
  tab: Tab,
  sandbox: Child,
  order: PacedOrder,
): Promise<Busy> {
  const { page, received } = tab;
  const wanted = received.messages + order.phones.length * (order.contacts ?? 1) * order.messages;
  await page.getByRole('textbox', { name: 'Write a message' }).click();
  let arriving = true;
  const sent = sandbox.ask('pace', order).finally(() => {
    arriving = false;
  });
  // The letters that were pressed while the load was being encrypted count for nothing.
  const before = received.messages;
  while (arriving && received.messages === before) await pause(5);
  await page.evaluate(() => {
    window.probe.presses();
    window.probe.startFrames();
  });
  while (arriving) {
    await page.keyboard.press('a');
    await pause(KEY_EVERY_MS);
  }
  await sent;
  const presses = await page.evaluate(() => window.probe.presses());
  const frames = await page.evaluate(() => window.probe.frames());
  const until = performance.now() + ARRIVED_WITHIN_MS;
  while (received.messages < wanted) {
    if (performance.now() > until)
      throw new Error(`${received.messages} of ${wanted} messages came to the page`);
    await pause(20);
  }
  return {
    delayP99: percentile(
      presses.map(({ delay }) => delay),
      0.99,
    ),
    toPaintP99: percentile(
      presses.map(({ toPaint }) => toPaint),
      0.99,
    ),
    frameP99: percentile(frames, 0.99),
    presses: presses.length,
  };
}
