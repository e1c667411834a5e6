import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';

/** Ends with a clear text on a Node that is too old, before anything fails in its own words. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Patchbay needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
}

/** The environment with `.env` of the project below it: what is set outside wins. */
export function environment(root) {
  const file = path.join(root, '.env');
  return existsSync(file)
    ? { ...parseEnv(readFileSync(file, 'utf8')), ...process.env }
    : { ...process.env };
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}
