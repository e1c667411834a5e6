import { spawnSync } from 'node:child_process';
import { requireNode } from './environment.mjs';
import { allMembers, prepare, root, toolFile } from './prepare.mjs';

requireNode();
prepare(allMembers);
if (!process.env.TEST_DATABASE_URL) {
  console.log('PostgreSQL runs are skipped: set TEST_DATABASE_URL to have them, as .ci/run does.');
}
const vitest = toolFile(root, 'vitest', 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
