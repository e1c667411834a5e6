import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { lockMismatch } from './installed.mjs';
import { removeOrphanedOutput } from './orphaned-output.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * What can be built. `uses` are members whose sources end up in the output or its types; `output`
 * is a file that every build writes, so that a missing or foreign build is noticed.
 */
const MEMBERS = {
  contract: { uses: [], output: 'dist/.tsbuildinfo' },
  client: { uses: [], output: 'dist/.tsbuildinfo' },
  hardening: { uses: [], output: 'dist/.tsbuildinfo' },
  sandbox: { uses: ['hardening'], output: 'dist/.tsbuildinfo' },
  server: { uses: ['contract', 'client', 'hardening', 'sandbox'], output: 'bundle/main.js' },
  web: { uses: ['contract'], output: 'dist/index.html' },
  bench: { uses: ['hardening', 'sandbox'], output: 'dist/.tsbuildinfo' },
  e2e: { uses: [], output: 'dist/.tsbuildinfo' },
  crash: { uses: [], output: 'dist/.tsbuildinfo' },
};

/** Every member that can be built, in the order of building. */
export const allMembers = Object.keys(MEMBERS);

/**
 * Makes the named members ready to run: installs when the installed packages are not those of
 * package-lock.json, then builds what is stale. Prints a line for each thing it does, nothing when
 * there is nothing to do. Ends the process with exit code 1 when a step fails.
 * @param {string[]} members names of MEMBERS
 */
export function prepare(members) {
  const reason = lockMismatch(root);
  if (reason) install(reason);
  const stale = withUsed(members).filter((name) => staleness(name) !== undefined);
  const typescript = stale.filter((name) => name !== 'web');
  if (typescript.length > 0) buildTypeScript(typescript);
  if (stale.includes('web')) buildWeb();
}

function install(reason) {
  step(`Installing packages (${reason})`, () =>
    run(...npm(), 'install', '--no-audit', '--no-fund', '--loglevel=error'),
  );
}

function buildTypeScript(names) {
  step(`Building ${names.join(', ')}`, () => {
    const ok = run(process.execPath, toolFile(root, 'typescript-7', 'lib/tsc.js'), '-b', ...names);
    for (const name of names) removeOrphanedOutput(path.join(root, name));
    return ok && (!names.includes('server') || bundleServer());
  });
  names.forEach(rememberBuild);
}

function bundleServer() {
  const folder = path.join(root, 'server');
  const args = [toolFile(folder, 'rolldown', 'bin/cli.mjs'), '-c', 'rolldown.config.mjs'];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) console.error(stdout);
  return status === 0;
}

function buildWeb() {
  const folder = path.join(root, 'web');
  step('Building the web pages', () => {
    const vite = toolFile(folder, 'vite', 'bin/vite.js');
    const args = [vite, 'build', '--logLevel', 'warn'];
    return spawnSync(process.execPath, args, { cwd: folder, stdio: 'inherit' }).status === 0;
  });
  rememberBuild('web');
}

function step(text, work) {
  console.log(`${text} ...`);
  const start = performance.now();
  const ok = work();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (!ok) {
    console.error(`${text} failed after ${seconds} s; the lines above say why.`);
    process.exit(1);
  }
  console.log(`  done in ${seconds} s`);
}

function run(command, ...args) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

/**
 * The npm that started us, run by the same Node, so that `npx node@24 scripts/start.mjs` installs
 * with Node 24 too. npx names its own program in npm_execpath; npm's lies beside it.
 */
function npm() {
  const started = process.env.npm_execpath;
  const beside = started && path.join(path.dirname(started), 'npm-cli.js');
  if (beside && existsSync(beside)) return [process.execPath, beside];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** A program's file inside an installed package; some do not let `require` find their own files. */
export function toolFile(from, name, file) {
  const folders = [path.join(from, 'node_modules'), path.join(root, 'node_modules')];
  const folder = folders.find((candidate) => existsSync(path.join(candidate, name)));
  return path.join(folder ?? folders[1], name, file);
}

function withUsed(members) {
  const all = new Set(members.flatMap((name) => [...MEMBERS[name].uses, name]));
  return allMembers.filter((name) => all.has(name));
}

/** Why a member has to be built, or undefined when its output belongs to its sources. */
function staleness(name) {
  const outputs = ['dist', MEMBERS[name].output].map((output) => path.join(root, name, output));
  if (!outputs.every(existsSync)) return 'never built';
  const stampFile = builtStamp(name);
  if (!existsSync(stampFile)) return 'built by something else';
  return readFileSync(stampFile, 'utf8') === stampOf(name) ? undefined : 'sources changed';
}

function rememberBuild(name) {
  mkdirSync(path.dirname(builtStamp(name)), { recursive: true });
  writeFileSync(builtStamp(name), stampOf(name));
}

function builtStamp(name) {
  return path.join(root, '.cache', 'built', name);
}

/**
 * A hash of names and contents of everything that goes into a member's output, so that deletions,
 * branch switches and restored files are seen, and the time of the output, so that a build made
 * past this script is not taken for ours.
 */
function stampOf(name) {
  const hash = createHash('sha256');
  const inputs = [name, ...MEMBERS[name].uses].flatMap((member) => sourceFiles(member));
  for (const file of [...inputs, 'tsconfig.base.json', 'package-lock.json']) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  }
  const output = statSync(path.join(root, name, MEMBERS[name].output));
  return `${hash.digest('hex')} ${output.mtimeMs}\n`;
}

/** All files of a member except what is installed, built or measured there; sorted. */
function sourceFiles(member) {
  const found = [];
  const walk = (folder) => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      if (['node_modules', 'dist', 'bundle', 'results'].includes(entry.name)) continue;
      const file = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(file);
      else if (!file.endsWith('.md')) found.push(file);
    }
  };
  walk(member);
  return found.sort();
}
