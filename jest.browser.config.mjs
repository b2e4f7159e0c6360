import base from './jest.config.mjs';

/** What needs a browser: one file after the other, for they share the machine with Chromium. */
export default {
  ...base,
  testMatch: ['**/*.browser-spec.ts'],
  testTimeout: 60_000,
  maxWorkers: 1,
};
