import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { House } from './house.js';
import { partsOf, updated, verdictsOf } from './report.js';
import {
  LONG,
  measureDurable,
  measureEngines,
  measureKnowledge,
  measureLongChat,
  measureManySessions,
  measureMemory,
  measureOpening,
  measurePages,
  measureThroughput,
  measureWorkers,
  nothingMeasured,
  SHORT,
} from './results.js';
import { emptyDatabase } from './storage.js';

const PARTS = [
  'memory',
  'opening',
  'throughput',
  'messages',
  'long-chat',
  'knowledge-search',
  'pages',
  'engines',
  'many-sessions',
  'workers',
] as const;
type Part = (typeof PARTS)[number];

const HELP = `Usage: npm run bench -- [--short] [--only <part>]... [--postgres <url>]

Measures the whole server beside bare Baileys in the same run, and the pages in Chromium, writes docs/benchmarks.md, and ends
with exit code 1 when a goal is missed.

  --short           small figures within a minute: shows that everything works, judges and writes nothing
  --only <part>     ${PARTS.join(', ')}; default: all
  --postgres <url>  measures messages, many sessions, the long chat and the search on PostgreSQL as well, and
                    workers; the user must be allowed to create databases. Default: TEST_DATABASE_URL`;

const REPORT = new URL('../../docs/benchmarks.md', import.meta.url);

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [...PARTS] },
    postgres: { type: 'string', default: process.env.TEST_DATABASE_URL },
    help: { type: 'boolean', short: 'h' },
  },
});

if (values.help) console.log(HELP);
else await bench(values.short, partsAsked(values.only), values.postgres);

function partsAsked(names: string[]): Set<Part> {
  const unknown = names.find((name) => !PARTS.some((part) => part === name));
  if (unknown) throw new Error(`there is no part '${unknown}'; there are ${PARTS.join(', ')}`);
  return new Set(names as Part[]);
}

async function bench(
  short: boolean,
  parts: Set<Part>,
  postgres: string | undefined,
): Promise<void> {
  if (!postgres && parts.size === 1 && parts.has('workers')) {
    throw new Error('several processes need PostgreSQL: name one with --postgres');
  }
  const plan = short ? SHORT : LONG;
  const results = nothingMeasured();
  const started = performance.now();
  const say = (line: string) =>
    console.log(`${Math.round((performance.now() - started) / 1000)} s  ${line}`);
  const most = Math.max(...plan.durable.open);
  const sessions = {
    memory: plan.memory.many,
    opening: plan.opening,
    throughput: plan.inbound.sessions,
    messages: most,
    'long-chat': 0,
    'knowledge-search': 0,
    pages: 0,
    engines: 0,
    'many-sessions': plan.manySessions.sessions,
    workers: 0,
  };
  const wanted = Math.max(...[...parts].map((part) => sessions[part]));
  const linking = (sessions: number) => (house: House) => {
    say(`linking ${sessions} numbers to the server and as many to bare Baileys`);
    return house.link(sessions);
  };
  if (wanted > 0) {
    await inHouse(linking(wanted), async (house) => {
      if (parts.has('memory')) await measureMemory(house, plan, results, say);
      if (parts.has('opening')) await measureOpening(house, plan, results, say);
      if (parts.has('throughput')) await measureThroughput(house, plan, results, say);
      if (parts.has('messages')) await measureDurable(house, plan, results, say);
      if (parts.has('many-sessions')) await measureManySessions(house, plan, results, say);
    });
  }
  const onPostgres = {
    messages: [most, measureDurable],
    'many-sessions': [plan.manySessions.sessions, measureManySessions],
    workers: [plan.workers.active, measureWorkers],
  } as const;
  for (const [part, [sessions, measure]] of Object.entries(onPostgres)) {
    if (!parts.has(part as Part) || !postgres) continue;
    const database = await emptyDatabase(postgres);
    const work = (house: House) => measure(house, plan, results, say);
    await inHouse(linking(sessions), work, database.url).finally(() => database.drop());
  }
  if (parts.has('long-chat')) {
    await measureLongChat(undefined, plan, results, say);
    if (postgres) await measureLongChat(postgres, plan, results, say);
  }
  if (parts.has('knowledge-search')) {
    await measureKnowledge(undefined, plan, results, say);
    if (postgres) await measureKnowledge(postgres, plan, results, say);
  }
  if (parts.has('pages')) await measurePages(plan, results, say);
  if (parts.has('engines')) {
    const { many } = plan.engines.memory;
    say(`linking ${many} numbers to the server`);
    const link = (house: House) => house.linkServer(many);
    await inHouse(link, (house) => measureEngines(house, plan, results, say));
  }
  const report = partsOf(plan, results);
  console.log(`\n${report.join('\n\n')}`);
  if (short) return;
  writeFileSync(REPORT, updated(readFileSync(REPORT, 'utf8'), report));
  if (verdictsOf(plan, results).some(({ holds }) => !holds)) process.exitCode = 1;
}

/** Opens a house with linked numbers for the work. */
async function inHouse(
  link: (house: House) => Promise<void>,
  work: (house: House) => Promise<void>,
  databaseUrl?: string,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'patchbay-bench-'));
  const house = await House.open(folder, databaseUrl);
  try {
    await link(house);
    await work(house);
  } finally {
    await house.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
