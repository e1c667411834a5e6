import { defineConfig } from 'vitest/config';

/** Whole stories against the built programs, in a real browser: one at a time. */
export default defineConfig({
  test: {
    include: ['e2e/src/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
