import type { Tab } from './browser.js';
import { percentile } from './percentile.js';

export const MESSAGE = '[role=log] [data-message]';
/** What a quick hand moves a wheel in one frame of a 60 Hz display (px). */
const WHEEL_PX = 500;
const PER_PAGE = 50;
/** A page that stands still has ended. */
const SCROLLED_WITHIN_MS = 120_000;

export interface Scrolling {
  /** Time between frames (ms). */
  frameP99: number;
  longestFrame: number;
  /** JavaScript heap after a collection: at a tenth of the way, and what came until its end. */
  heapBytes: number;
  heapGrowth: number;
  nodeGrowth: number;
}

/** From the press on a row of the list until the first messages of its chat are painted (ms). */
export async function firstPaint({ page }: Tab, chatKey: string): Promise<number> {
  const [painted] = await Promise.all([
    page.evaluate((selector) => window.probe.paintedAfterPress(selector), MESSAGE),
    page.locator(`[data-chat="${chatKey}"]`).click(),
    page.locator(MESSAGE).first().waitFor({ state: 'attached' }),
  ]);
  return painted;
}

/** Turns the wheel up through so many messages of the thread that is open. */
export async function scrollThrough(tab: Tab, messages: number): Promise<Scrolling> {
  const { page } = tab;
  let loaded = 0;
  page.on('response', (response) => {
    if (/\/messages\?.*before=/.test(response.url())) loaded += PER_PAGE;
  });
  const box = await page.getByRole('log').boundingBox();
  if (!box) throw new Error('there is no thread to scroll');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const until = performance.now() + SCROLLED_WITHIN_MS;
  const scrollUntil = async (wanted: number) => {
    while (loaded < wanted) {
      if (performance.now() > until)
        throw new Error(`${loaded} of ${wanted} messages were scrolled`);
      await page.mouse.wheel(0, -WHEEL_PX);
    }
  };
  const frames: number[] = [];
  const recorded = async (wanted: number) => {
    await page.evaluate(() => window.probe.startFrames());
    await scrollUntil(wanted);
    frames.push(...(await page.evaluate(() => window.probe.frames())));
  };
  await recorded(messages / 10);
  const before = await memoryOf(tab);
  await recorded(messages);
  const after = await memoryOf(tab);
  return {
    frameP99: percentile(frames, 0.99),
    longestFrame: Math.max(...frames),
    heapBytes: after.heap,
    heapGrowth: after.heap - before.heap,
    nodeGrowth: after.nodes - before.nodes,
  };
}

async function memoryOf({ devtools }: Tab): Promise<{ heap: number; nodes: number }> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  const { nodes } = await devtools.send('Memory.getDOMCounters');
  return { heap: usedSize, nodes };
}
