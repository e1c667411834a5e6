import { runVitest } from './run-vitest.mjs';

runVitest(['--config', 'vitest.e2e.config.ts', ...process.argv.slice(2)]);
