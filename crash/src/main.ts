import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reportOf } from './report.js';
import { run } from './run.js';
import { type DatabaseName, emptyStorage } from './storage.js';

const HELP = `Usage: npm run test:crash -- [options]

Kills the server again and again under traffic, then compares what the phones, the database and the
readers have. Ends with exit code 1 when a message was lost, doubled, out of order or unreadable.

  --rounds N         rounds of four deaths each (default 5)
  --seed S           what happens when; printed, so that a run can be repeated (default: by chance)
  --database NAME    sqlite (default) or postgres (in the server of TEST_DATABASE_URL)
  --rate N           messages a second, both directions together (default 20)
  --unsafe LIST      switches mechanisms off (PATCHBAY_UNSAFE), so that the harness has something to find
  --keep             keeps logs and databases also when all is well`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seed: { type: 'string' },
    database: { type: 'string', default: 'sqlite' },
    rate: { type: 'string', default: '20' },
    unsafe: { type: 'string', default: '' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) console.log(HELP);
else process.exitCode = (await crash()) ? 0 : 1;

async function crash(): Promise<boolean> {
  const rounds = wholeNumber('--rounds', values.rounds);
  const rate = wholeNumber('--rate', values.rate);
  const seed = wholeNumber('--seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31)));
  const database = databaseName(values.database);
  const unsafe = values.unsafe.split(',').filter((name) => name !== '');
  const started = performance.now();
  const say = (line: string) => {
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`${String(seconds).padStart(5)} s  ${line}`);
  };
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-crash-'));
  const storage = await emptyStorage(database, folder);
  console.log(`seed ${seed}, ${rounds} rounds, ${rate} messages a second, ${database}`);
  let well = false;
  try {
    const result = await run({ rounds, seed, rate, folder, storage, unsafe, say });
    for (const line of reportOf(result)) console.log(line);
    well = result.findings.length === 0;
    return well;
  } finally {
    if (well && !values.keep) {
      await storage.drop();
      rmSync(folder, { recursive: true, force: true });
    } else
      console.log(`logs and world: ${folder}${storage.url ? `, database ${storage.url}` : ''}`);
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new Error(`${option} must be a whole number, not "${text}"`);
}

function databaseName(text: string): DatabaseName {
  if (text === 'sqlite' || text === 'postgres') return text;
  throw new Error(`--database must be sqlite or postgres, not "${text}"`);
}
