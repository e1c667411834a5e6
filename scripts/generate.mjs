import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { requireNode } from './environment.mjs';
import { prepare, root } from './prepare.mjs';

const HELP = `Usage: npm run generate [-- --check]

Writes what is made from the schemas: docs/events.md.
With --check nothing is written; files that are not current are named and the exit code is 1.`;

const [option] = process.argv.slice(2);
if (option === '--help' || option === '-h') {
  console.log(HELP);
  process.exit(0);
}
if (option !== undefined && option !== '--check') {
  console.error(`Unknown option '${option}'. See: npm run generate -- --help`);
  process.exit(1);
}

requireNode();
prepare(['contract']);

const { eventsPage } = await import('./generate/events-page.mjs');
const files = { 'docs/events.md': eventsPage() };

const stale = Object.entries(files).filter(([name, text]) => current(name) !== text);
for (const [name, text] of stale) {
  if (option === '--check') console.error(`${name} is not current; run: npm run generate`);
  else {
    writeFileSync(path.join(root, name), text);
    console.log(`wrote ${name}`);
  }
}
process.exit(option === '--check' && stale.length > 0 ? 1 : 0);

function current(name) {
  const file = path.join(root, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
