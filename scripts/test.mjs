import { spawnSync } from 'node:child_process';
import { runVitest } from './run-vitest.mjs';

if (!process.env.TEST_DATABASE_URL) {
  console.log('Without TEST_DATABASE_URL the runs on PostgreSQL are skipped; .ci/run has them.');
}
if (spawnSync('redis-server', ['--version']).error) {
  console.log('Without redis-server the runs through Redis are skipped; .ci/run has them.');
}
await runVitest(process.argv.slice(2));
