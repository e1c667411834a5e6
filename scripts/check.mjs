import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { requireNode } from './environment.mjs';
import { allMembers, prepare, root, toolFile } from './prepare.mjs';

const HELP = `Usage: npm run check -- [--no-tests]

Format and lint (Biome), types (tsc), import rules (dependency-cruiser), generated files,
dead code (knip), tests.
All steps run even when one fails; the last lines say which did.`;

const [option] = process.argv.slice(2);
if (option === '--help' || option === '-h') {
  console.log(HELP);
  process.exit(0);
}
if (option !== undefined && option !== '--no-tests') {
  console.error(`Unknown option '${option}'. See: npm run check -- --help`);
  process.exit(1);
}

requireNode();
// The build is the type check: every member compiles with its tests.
prepare(allMembers);

const steps = [
  ['format and lint', 'biome', '@biomejs/biome', 'bin/biome', ['check', '.']],
  ['types of the pages', 'tsc', 'typescript-7', 'lib/tsc.js', ['--noEmit', '-p', 'web']],
  [
    'import rules',
    'depcruise',
    'dependency-cruiser',
    'bin/dependency-cruise.mjs',
    ['--config', '.dependency-cruiser.mjs', ...allMembers.map((name) => `${name}/src`)],
  ],
  ['generated files', 'generate', undefined, 'scripts/generate.mjs', ['--check']],
  ['dead code', 'knip', 'knip', 'bin/knip.js', ['--no-progress']],
];
if (option !== '--no-tests') steps.push(['tests', 'test', undefined, 'scripts/test.mjs', []]);

const failed = steps.filter((step) => !passes(step)).map(([name]) => name);
if (failed.length > 0) {
  console.error(`\nFailed: ${failed.join(', ')}`);
  process.exit(1);
}
console.log(`\nAll well: ${steps.map(([name]) => name).join(', ')}`);

function passes([name, tool, pkg, file, args]) {
  console.log(`\n== ${name} (${tool})`);
  const program = pkg ? toolFile(root, pkg, file) : path.join(root, file);
  return (
    spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' }).status === 0
  );
}
