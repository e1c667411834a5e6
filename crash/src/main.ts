import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCluster } from './cluster-run.js';
import { CRASH_POINTS, CRASH_POINTS_OF_MESSAGES, type CrashPoint } from './crash-points.js';
import { type Choice, prove } from './prove.js';
import { reportOf } from './report.js';
import { type RunResult, run } from './run.js';
import { type DatabaseName, emptyStorage } from './storage.js';

const HELP = `Usage: npm run test:crash -- [options]

Kills the server again and again under traffic, then compares what the phones, the database and the
readers have. Ends with exit code 1 when a message was lost, doubled, out of order or unreadable.

  --rounds N         rounds of four deaths each (default 5)
  --seed S           what happens when; printed, so that a run can be repeated (default: by chance)
  --database NAME    sqlite (default) or postgres (in the server of TEST_DATABASE_URL)
  --redis            with a Redis of its own, which is killed now and then
  --cluster          3 workers and 2 API processes on a PostgreSQL and a Redis of the run's own;
                     a round is one blow, at a process, a network, Redis or PostgreSQL
  --sessions N       with --cluster: how many (default 60, at least 5)
  --browser          two sessions, one of them in a browser: what its log lost is reported, and no failure
  --rate N           messages a second, both directions together (default 20, with a browser 8)
  --points LIST      die at these crash points only (default: ${CRASH_POINTS.join(',')};
                     with a browser those that messages alone pass)
  --calm             no bad luck besides the deaths
  --unsafe LIST      switch mechanisms off (PATCHBAY_UNSAFE)
  --prove            switch each mechanism off in turn; exit code 1 when the harm is not found
  --keep             keep logs and databases also when all is well`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seed: { type: 'string' },
    database: { type: 'string', default: 'sqlite' },
    redis: { type: 'boolean', default: false },
    cluster: { type: 'boolean', default: false },
    sessions: { type: 'string', default: '60' },
    browser: { type: 'boolean', default: false },
    rate: { type: 'string' },
    points: { type: 'string' },
    calm: { type: 'boolean', default: false },
    unsafe: { type: 'string', default: '' },
    prove: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const rounds = wholeNumber('--rounds', values.rounds);
const rate = wholeNumber('--rate', values.rate ?? (values.browser ? '8' : '20'));
const seed = wholeNumber('--seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31)));
const database = databaseName(values.database);
const unsafe = listOf(values.unsafe);
const sessions = wholeNumber('--sessions', values.sessions);
const started = performance.now();

const forms = [values.browser, values.prove, values.cluster].filter(Boolean);
if (forms.length > 1) throw new Error('--browser, --prove and --cluster exclude each other');
if (sessions < 5) throw new Error('--sessions must be at least 5');
if (values.help) console.log(HELP);
else process.exitCode = (await (values.prove ? proveAll() : crash())) ? 0 : 1;

async function crash(): Promise<boolean> {
  console.log(`seed ${seed}, ${rounds} rounds, ${rate} messages a second, ${form()}`);
  const passed = values.browser ? CRASH_POINTS_OF_MESSAGES : CRASH_POINTS;
  const points = values.points === undefined ? passed : listOf(values.points).map(crashPoint);
  const result = await runOnce({
    unsafe,
    points,
    disturbed: !values.calm,
    unheard: false,
    another: 0,
  });
  for (const line of reportOf(result)) console.log(line);
  return result.findings.length === 0;
}

function form(): string {
  if (values.cluster) return `3 workers, 2 API processes, ${sessions} sessions, postgres, Redis`;
  return `${database}${values.redis ? ', Redis' : ''}${values.browser ? ', a session in a browser' : ''}`;
}

async function proveAll(): Promise<boolean> {
  console.log(`seed ${seed}, ${rounds} rounds without each mechanism, ${database}`);
  const runWith = (options: Choice) => {
    say(`without ${options.unsafe}`);
    return runOnce(options);
  };
  return await prove(runWith, unsafe, ({ mechanism, caught }) => {
    const [first] = caught;
    const shown = first && `: ${first.kind}, ${first.who}, ${first.what} (${first.detail})`;
    say(`without ${mechanism}: ${caught.length} found${shown ?? ', MISSED'}`);
  });
}

/** In a folder and a database of its own, which stay when something was found that should not be. */
async function runOnce({ another, ...choice }: Choice): Promise<RunResult> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-crash-'));
  // A cluster brings its database along, in the folder.
  const storage = await emptyStorage(values.cluster ? 'sqlite' : database, folder);
  let keep = true;
  try {
    const common = { rounds, seed: seed + another, rate, folder, say, ...choice };
    const result = values.cluster
      ? await runCluster({ ...common, sessions })
      : await run({ ...common, storage, withRedis: values.redis, browser: values.browser });
    keep = values.keep || (findingsOf(result) > 0 && !values.prove);
    return result;
  } finally {
    if (keep) {
      console.log(`logs and world: ${folder}${storage.url ? `, database ${storage.url}` : ''}`);
    } else {
      await storage.drop();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** Also those that are no failure: they are to be explained. */
function findingsOf({ findings, ofBrowser = [] }: RunResult): number {
  return findings.length + ofBrowser.length;
}

function say(line: string): void {
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${String(seconds).padStart(5)} s  ${line}`);
}

function listOf(text: string): string[] {
  return text.split(',').filter((name) => name !== '');
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new Error(`${option} must be a whole number, not "${text}"`);
}

function databaseName(text: string): DatabaseName {
  if (text === 'sqlite' || text === 'postgres') return text;
  throw new Error(`--database must be sqlite or postgres, not "${text}"`);
}

function crashPoint(text: string): CrashPoint {
  const point = CRASH_POINTS.find((each) => each === text);
  if (point) return point;
  throw new Error(`--points: "${text}" is none of ${CRASH_POINTS.join(', ')}`);
}
