import path from 'node:path';
import { root } from './prepare.mjs';
import { runVitest } from './run-vitest.mjs';

/**
 * Pictures of every page at 1440, 1024 and 390 px, light and dark, and of its dialogs, empty and
 * failing states, from a sandbox with people in it. `npm run screenshots -- <folder>`; without one,
 * into `screenshots`.
 */
const [folder = 'screenshots'] = process.argv.slice(2);
process.env.E2E_SCREENSHOTS = path.resolve(root, folder);
console.log(`The pictures go to ${process.env.E2E_SCREENSHOTS}`);
runVitest(['--config', 'vitest.e2e.config.ts', 'e2e/src/pages.test.ts']);
