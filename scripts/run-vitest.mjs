import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requireNode } from './environment.mjs';
import { sweepLogs } from './log-sweep.mjs';
import { allMembers, prepare, root, toolFile } from './prepare.mjs';

/**
 * Makes everything ready, runs vitest with these arguments, looks through all that servers under test
 * have logged, and ends with vitest's exit code, or 1 where a log tells what it must not.
 */
export async function runVitest(args) {
  requireNode();
  prepare(allMembers);
  const vitest = toolFile(root, 'vitest', 'vitest.mjs');
  const logs = mkdtempSync(path.join(tmpdir(), 'patchbay-test-logs-'));
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TEST_LOGS: logs },
  });
  const { lines, planted, hits } = await sweepLogs(logs);
  rmSync(logs, { recursive: true });
  console.log(
    `Logs: ${lines} lines looked through for ${planted} values that tests sent or got, and for all ` +
      `that is secret by its form: ${hits.length === 0 ? 'none found' : `found ${hits.length}`}`,
  );
  for (const hit of hits.slice(0, 50)) console.error(hit);
  process.exit(status || (hits.length > 0 ? 1 : (status ?? 1)));
}
