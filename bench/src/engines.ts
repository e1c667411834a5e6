import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { type BrowserMemory, browserMemory } from './browser-memory.js';
import { addPhone, type House, range } from './house.js';
import { spread } from './median.js';
import { type MemoryPlan, type MemorySlope, serverMemory } from './memory.js';
import type { ServerProcess } from './server-process.js';

export interface EnginesPlan {
  /** For sessions on the wire. */
  memory: MemoryPlan;
  /** Sessions in browsers whose memory is read. */
  browsers: number;
  /** How often each engine is started until it shows a QR, in each run. */
  starts: number;
}

/** What a session of each engine costs. */
export interface EnginesRun {
  wire: MemorySlope;
  browsers: BrowserMemory[];
  /** From the request that starts a session until its QR can be had (ms). */
  firstQr: Record<EngineName, number[]>;
  /** How busy the machine was with other things when it began. */
  load: number;
}

type EngineName = 'baileys' | 'wwebjs';

const MB = 1024 * 1024;
const LOOK_EVERY = 10;
const QR_WITHIN = 60_000;

export async function measureEngines(house: House, plan: EnginesPlan): Promise<EnginesRun> {
  const load = loadavg()[0] ?? 0;
  const wire = await serverMemory(house, plan.memory);
  const server = await house.startServer();
  try {
    const firstQr: EnginesRun['firstQr'] = { baileys: [], wwebjs: [] };
    for (const start of range(0, plan.starts)) {
      for (const engine of ['baileys', 'wwebjs'] as const) {
        firstQr[engine].push(await timeToQr(server, `start-${start}-${engine}`, engine));
      }
    }
    const browsers = await memoryInBrowsers(house, server, plan);
    return { wire, browsers, firstQr, load };
  } finally {
    await house.stopServer(server);
  }
}

async function timeToQr(server: ServerProcess, id: string, engine: EngineName): Promise<number> {
  const began = performance.now();
  await server.call('PUT', `/api/sessions/${id}`, { engine });
  while (!(await server.hasQr(id))) {
    if (performance.now() - began > QR_WITHIN) throw new Error(`${engine} showed no QR`);
    await pause(LOOK_EVERY);
  }
  const took = performance.now() - began;
  await server.remove(id);
  return took;
}

async function memoryInBrowsers(
  house: House,
  server: ServerProcess,
  { browsers, memory }: EnginesPlan,
): Promise<BrowserMemory[]> {
  const ids = range(0, browsers).map((index) => `in-browser-${index}`);
  for (const [index, id] of ids.entries()) {
    const phone = `999330${String(index).padStart(5, '0')}`;
    await addPhone(house.address, phone);
    await server.link(id, phone, 'wwebjs');
  }
  await server.connected(browsers);
  await pause(memory.idleMs * memory.readings);
  const found = browserMemory(server.pid);
  if (found.length !== browsers) throw new Error(`${found.length} of ${browsers} browsers run`);
  for (const id of ids) await server.remove(id);
  await server.connected(0);
  return found;
}

export function enginesTable({ memory, browsers, starts }: EnginesPlan, runs: EnginesRun[]) {
  const inBrowsers = runs.flatMap((run) => run.browsers);
  const firstQr = (engine: EngineName) =>
    spread(
      runs.flatMap((run) => run.firstQr[engine]),
      0,
    );
  const megabytes = (values: number[], digits: number) =>
    spread(
      values.map((value) => value / MB),
      digits,
    );
  const wire = megabytes(
    runs.map((run) => run.wire.rss),
    1,
  );
  const whole = megabytes(
    inBrowsers.map(({ node, chromium }) => node + chromium),
    0,
  );
  const chromium = megabytes(
    inBrowsers.map((one) => one.chromium),
    0,
  );
  return `## Engines

What an idle linked session takes. \`baileys\`: slope of the server's RSS from ${memory.few} to ${memory.many} sessions.
\`wwebjs\`: PSS of the Node process that drives its browser and of all its Chromium processes, with ${browsers} such
sessions at a time. Time: from the request that starts a session until its first QR can be had, ${starts * runs.length} starts
of each engine, in turn. Load average before each run: ${runs.map(({ load }) => load.toFixed(1)).join(', ')}.

| engine | memory for each, MB | of it Chromium, MB | first QR, ms |
| --- | --- | --- | --- |
| \`baileys\` | ${wire} | | ${firstQr('baileys')} |
| \`wwebjs\` | ${whole} | ${chromium} | ${firstQr('wwebjs')} |

The figures of \`wwebjs\` are of the sandbox's stand-in page, a few dozen kilobytes of script: WhatsApp's real page is much
heavier, in memory and in time, so they are what such a session takes at least.`;
}
