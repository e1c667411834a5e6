import { runVitest } from './run-vitest.mjs';

if (!process.env.TEST_DATABASE_URL) {
  console.log('Without TEST_DATABASE_URL the runs on PostgreSQL are skipped; .ci/run has them.');
}
runVitest(process.argv.slice(2));
