import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { House } from './house.js';
import { reportOf, verdictsOf } from './report.js';
import { LONG, measureAll, SHORT } from './results.js';

const HELP = `Usage: npm run bench -- [--short]

Measures the whole server beside bare Baileys in the same run (about ten minutes), writes
docs/benchmarks.md, and ends with exit code 1 when a goal is missed.

  --short  small figures within a minute: shows that everything works, judges and writes nothing`;

const REPORT = new URL('../../docs/benchmarks.md', import.meta.url);

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
});

if (values.help) console.log(HELP);
else await bench(values.short);

async function bench(short: boolean): Promise<void> {
  const plan = short ? SHORT : LONG;
  const folder = mkdtempSync(path.join(tmpdir(), 'patchbay-bench-'));
  const house = await House.open(folder);
  const started = performance.now();
  const say = (line: string) =>
    console.log(`${Math.round((performance.now() - started) / 1000)} s  ${line}`);
  try {
    const sessions = Math.max(plan.memory.many, plan.opening);
    say(`linking ${sessions} numbers to the server and as many to bare Baileys`);
    await house.link(sessions);
    const results = await measureAll(house, plan, say);
    const report = reportOf(plan, results);
    console.log(`\n${report}`);
    if (short) return;
    writeFileSync(REPORT, report);
    if (verdictsOf(results).some(({ holds }) => !holds)) process.exitCode = 1;
  } finally {
    await house.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
