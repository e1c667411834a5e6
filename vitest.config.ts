import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take long by what is in them, not by their size. */
const SLOW = /kill|contract|fuzz|queue|restart|resume|reconnects|walk|history|faults|browser/;
const LONG = '**/*.long.test.ts';
/** Of several processes, which share PostgreSQL: without it there is nothing to test in them. */
const ONLY_POSTGRES = [
  '**/cluster/{handing-over,fenced.long,rolling-restart*,database-away,holder-stopped.long,lost-notices,overloaded.long}.test.ts',
  '**/db/{control,postgres-notices}.test.ts',
  '**/event-log/many-writers.test.ts',
  '**/forwarding/several-processes*.test.ts',
  '**/media/shared-bucket.long.test.ts',
  '**/sessions/placement.test.ts',
];

/** The slow files first, so that none of them is begun when the others are done. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) => SLOW.test(basename(moduleId));
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

export default defineConfig({
  test: {
    include: ['*/src/**/*.test.ts', 'scripts/*.test.mjs'],
    exclude: [
      ...['**/node_modules/**', '**/dist/**', 'e2e/**'],
      ...(process.env.TEST_LONG === undefined ? [LONG] : []),
      ...(process.env.TEST_DATABASE_URL ? [] : ONLY_POSTGRES),
    ],
    globalSetup: 'scripts/fresh-build.mjs',
    // Tests wait for each other's processes more than they compute: three on two cores.
    maxWorkers: 3,
    // Loading the server takes longer than many of its tests; none changes what others import.
    isolate: false,
    sequence: { sequencer: SlowFirst },
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
});
