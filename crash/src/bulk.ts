import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SandboxProgram } from './sandbox-program.js';
import { ServerProgram } from './server-program.js';
import { type DatabaseName, emptyStorage } from './storage.js';
import { until } from './until.js';

const HELP = `Usage: npm run bulk:killed -- [options]

Kills the server while a bulk send is under way, then looks at the phones: each row must have arrived
once. Ends with exit code 1 when one is missing or was sent twice.

  --rows N           rows of the send (default 500)
  --kills N          how often the server is killed, at times spread over the send (default 3)
  --database NAME    sqlite (default) or postgres (in the server of TEST_DATABASE_URL)
  --keep             keep logs and databases also when all is well`;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '500' },
    kills: { type: 'string', default: '3' },
    database: { type: 'string', default: 'sqlite' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** Phones that are made, or asked, at the same time. */
const AT_ONCE = 8;
/** Long enough (ms) that a slow machine alone is never the reason for a failure. */
const SEND_WITHIN = 30 * 60_000;
const OWN = '51999000000';
const SESSION = 'bulk';

interface Bulk {
  id: string;
  state: string;
  counts: Record<string, number>;
}

const started = performance.now();
if (values.help) console.log(HELP);
else process.exitCode = (await killed()) ? 0 : 1;

async function killed(): Promise<boolean> {
  const rows = wholeNumber('--rows', values.rows);
  const kills = wholeNumber('--kills', values.kills);
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bulk-killed-'));
  const storage = await emptyStorage(databaseName(values.database), folder);
  const sandbox = new SandboxProgram(folder);
  await sandbox.start();
  const server = new ServerProgram({
    ...{ folder, sandbox, databaseUrl: storage.url, redisUrl: undefined, unsafe: [] },
  });
  let isWell = false;
  try {
    await server.start();
    await sandbox.addPhone(OWN);
    await server.link(SESSION, OWN);
    const phones = Array.from({ length: rows }, (_, n) => String(51_987_000_000 + n));
    await forEach(phones, (phone) => sandbox.addPhone(phone));
    say(`${rows} phones are there`);
    const begun = performance.now();
    const done = await sendAndKill(server, phones, kills);
    const seconds = (performance.now() - begun) / 1000;
    say(`${done.state} ${JSON.stringify(done.counts)}`);
    say(`${seconds.toFixed(0)} s, ${(rows / seconds).toFixed(1)} rows a second, deaths included`);
    isWell = await judged(sandbox, phones);
    return isWell && done.counts.failed === 0;
  } finally {
    await server.kill();
    await sandbox.kill();
    if (isWell && !values.keep) {
      await storage.drop();
      rmSync(folder, { recursive: true, force: true });
    } else {
      console.log(`logs and world: ${folder}${storage.url ? `, database ${storage.url}` : ''}`);
    }
  }
}

/** Makes the send, and kills the server when so many rows have left. */
async function sendAndKill(server: ServerProgram, phones: string[], kills: number): Promise<Bulk> {
  const { id } = await server.call<Bulk>('POST', `/api/sessions/${SESSION}/bulk-sends`, {
    name: 'Everybody',
    text: 'Row {{row}}',
    rows: phones.map((phone, row) => ({ phone, values: { row } })),
  });
  const now = () => server.call<Bulk>('GET', `/api/bulk-sends/${id}`).catch(() => undefined);
  for (let kill = 1; kill <= kills; kill += 1) {
    const share = Math.round((phones.length * kill) / (kills + 1));
    await until(
      `${share} rows have left`,
      async () =>
        ((await now())?.counts.pending ?? phones.length) <= phones.length - share
          ? true
          : undefined,
      SEND_WITHIN,
    );
    await server.kill();
    say(`killed after about ${share} rows`);
    await server.start();
  }
  return await until(
    'the send is over',
    async () => {
      const bulk = await now();
      const receipts = bulk?.counts.delivered ?? 0;
      return bulk?.state === 'done' && receipts + (bulk.counts.failed ?? 0) === phones.length
        ? bulk
        : undefined;
    },
    SEND_WITHIN,
    250,
  );
}

/** What each phone has from our number must be its row, once. */
async function judged(sandbox: SandboxProgram, phones: string[]): Promise<boolean> {
  const wrong = { lost: 0, doubled: 0, other: 0 };
  let row = 0;
  const expected = new Map(phones.map((phone) => [phone, `Row ${row++}`]));
  await forEach(phones, async (phone) => {
    const texts = (await sandbox.messagesOf(phone))
      .filter(({ from }) => from === OWN)
      .map(({ text }) => text);
    if (texts.length === 0) wrong.lost += 1;
    else if (texts.length > 1) wrong.doubled += 1;
    else if (texts[0] !== expected.get(phone)) wrong.other += 1;
  });
  say(`lost ${wrong.lost}, doubled ${wrong.doubled}, with another text ${wrong.other}`);
  return wrong.lost + wrong.doubled + wrong.other === 0;
}

async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>) {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function say(line: string): void {
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${String(seconds).padStart(5)} s  ${line}`);
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new Error(`${option} must be a whole number, not "${text}"`);
}

function databaseName(text: string): DatabaseName {
  if (text === 'sqlite' || text === 'postgres') return text;
  throw new Error(`--database must be sqlite or postgres, not "${text}"`);
}
