import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { requireNode } from './environment.mjs';
import { prepare, root, toolFile } from './prepare.mjs';

const HELP = `Usage: npm run generate [-- --check]

Writes what is made from the schemas: docs/events.md, and the client's types and methods from the
OpenAPI document of the server as it is built now.
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
prepare(['contract', 'server']);

const { eventsPage } = await import('./generate/events-page.mjs');
const { clientApi } = await import('./generate/client-api.mjs');
const { openApiDocument } = await import('./generate/open-api-document.mjs');
const files = {
  'docs/events.md': eventsPage(),
  'client/src/api.generated.ts': formatted(clientApi(await openApiDocument())),
};

const stale = Object.entries(files).filter(([name, text]) => current(name) !== text);
for (const [name, text] of stale) {
  if (option === '--check') console.error(`${name} is not current; run: npm run generate`);
  else {
    writeFileSync(path.join(root, name), text);
    console.log(`wrote ${name}`);
  }
}
process.exit(option === '--check' && stale.length > 0 ? 1 : 0);

function formatted(source) {
  const biome = toolFile(root, '@biomejs/biome', 'bin/biome');
  const args = [biome, 'format', '--stdin-file-path', 'api.ts'];
  const done = spawnSync(process.execPath, args, { cwd: root, input: source, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout;
}

function current(name) {
  const file = path.join(root, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
