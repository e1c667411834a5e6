import { ERRORS } from '@patchbay/contract';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOn } from '../testing/databases.js';
import { examplesFor } from '../testing/fuzz/examples.js';
import { fuzz } from '../testing/fuzz/fuzz.js';
import { TestSandbox } from '../testing/test-sandbox.js';
import { TestServer } from '../testing/test-server.js';

/** Requests to each endpoint; `npm run test:fuzz` sends more, from another seed each time. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 4);
const SEED = Number(process.env.FUZZ_SEED ?? 1);

describe.each(longOn('sqlite'))(
  `random requests to every endpoint, seed ${SEED}, on %s`,
  (name) => {
    let sandbox: TestSandbox;
    let server: TestServer;
    const errors: string[] = [];

    beforeAll(async () => {
      sandbox = await TestSandbox.start();
      const logger = pino({ level: 'error' }, { write: (line: string) => errors.push(line) });
      const environment = { ALLOW_PRIVATE_TARGETS: '127.0.0.1' };
      server = await TestServer.start(sandbox, { database: name, logger, environment });
    });
    afterAll(async () => {
      await server.stop();
      await sandbox.stop();
    });

    it(
      'no 500, no line of level error, and enough of them are valid',
      async () => {
        const { hintsFor } = await examplesFor(server, sandbox);
        const report = await fuzz(server, {
          runs: RUNS,
          seed: SEED,
          codes: Object.keys(ERRORS),
          hintsFor,
        });
        console.log(
          `${report.requests} requests to ${report.endpoints} endpoints, ${report.passed} valid (${name})`,
        );
        expect(report.failures).toEqual([]);
        expect(errors).toEqual([]);
        expect(report.requests).toBeGreaterThanOrEqual(report.endpoints * RUNS);
        expect(report.passed / report.requests).toBeGreaterThan(0.3);
      },
      20_000 + RUNS * 30_000,
    );
  },
);
