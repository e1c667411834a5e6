import { spawnSync } from 'node:child_process';
import { requireNode } from './environment.mjs';
import { allMembers, prepare, root, toolFile } from './prepare.mjs';

/** Makes everything ready, runs vitest with these arguments, and ends with its exit code. */
export function runVitest(args) {
  requireNode();
  prepare(allMembers);
  const vitest = toolFile(root, 'vitest', 'vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}
