import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { requireNode } from './environment.mjs';
import { prepare, root } from './prepare.mjs';

requireNode();
prepare(['server', 'crash']);
const main = path.join(root, 'crash/dist/bulk.js');
const { status } = spawnSync(process.execPath, [main, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
