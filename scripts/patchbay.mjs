#!/usr/bin/env node
import { createRequire } from 'node:module';
import path from 'node:path';
import { environment, fail, requireNode } from './environment.mjs';
import { prepare, root } from './prepare.mjs';
import { howItEnded, startProgram } from './program.mjs';
import { onStopSignal } from './stop-signals.mjs';

// Commands of the server that are no server: they run, and end.
const COMMANDS = { 'migrate-to': 'move/main.js', import: 'import/main.js' };

const { nodeFlags } = createRequire(import.meta.url)('../server/package.json').config;

requireNode();
const [name, ...args] = process.argv.slice(2);
if (name === 'start') {
  process.argv.splice(2, 1);
  await import('./start.mjs');
} else if (Object.hasOwn(COMMANDS, name ?? '')) {
  process.exit(await run());
} else {
  const names = ['start', ...Object.keys(COMMANDS)].join(' | ');
  fail(`Usage: npx patchbay <${names}> [options]; --help after a command tells its options`);
}

async function run() {
  prepare(['server']);
  const env = environment(root);
  const folder = env.STORAGE_ROOT || env.WHATSAPP_SESSION_PATH || 'storage';
  const program = startProgram(name, path.join(root, 'server/dist', COMMANDS[name]), {
    nodeFlags,
    args,
    env: { ...env, STORAGE_ROOT: path.resolve(root, folder) },
    // Paths in the options start where they were typed.
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
  onStopSignal(
    () => program.stop(5000),
    () => program.child.kill('SIGKILL'),
  );
  const how = await program.exited;
  if (how.code === null)
    console.error(`${name} was ended by ${howItEnded(how)}; run it again to go on.`);
  return how.code ?? 1;
}
