import { runVitest } from './run-vitest.mjs';

const HELP = `Usage: npm run test:fuzz [-- <requests per endpoint> [<seed>]]

Random requests to every endpoint of the API, from its OpenAPI document: 60 to each and a new seed
unless said otherwise. The seed is in the name of the test, so that a failure can be seen again.`;

const [runs = '60', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
if (!/^\d+$/.test(runs) || !/^\d+$/.test(seed)) {
  console.log(HELP);
  process.exit(runs === '--help' || runs === '-h' ? 0 : 1);
}
process.env.FUZZ_RUNS = runs;
process.env.FUZZ_SEED = seed;
await runVitest(['server/src/http/fuzz.test.ts']);
