import base from './jest.config.mjs';

/** What needs real servers: one file after the other, for they share the servers and the machine. */
export default {
  ...base,
  testMatch: ['**/*.servers-spec.ts'],
  testTimeout: 60_000,
  maxWorkers: 1,
};
