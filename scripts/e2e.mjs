import { runVitest } from './run-vitest.mjs';

await runVitest(['--config', 'vitest.e2e.config.ts', ...process.argv.slice(2)]);
