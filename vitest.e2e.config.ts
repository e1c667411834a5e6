import { defineConfig } from 'vitest/config';

/** Whole stories against the built programs, in a real browser: two at a time. */
export default defineConfig({
  test: {
    include: ['e2e/src/**/*.test.ts'],
    // Every page at every width takes minutes: `npm run screenshots` runs it.
    exclude: process.env.E2E_SCREENSHOTS ? [] : ['e2e/src/pages.test.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
