/** One run over all projects; Node strips the types, so nothing is transformed. */
export default {
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'mjs', 'js', 'json', 'node'],
  transform: {},
  testEnvironment: 'node',
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/.nx/', '<rootDir>/.data/'],
  modulePathIgnorePatterns: ['<rootDir>/.nx/', '<rootDir>/.data/'],
  watchPathIgnorePatterns: ['<rootDir>/.nx/', '<rootDir>/.data/'],
  cacheDirectory: '.nx/jest',
  coverageProvider: 'v8',
  coverageDirectory: '.nx/coverage',
  maxWorkers: 2,
  // What hangs fails; what is only slow, on a machine that is busy, does not.
  testTimeout: 30_000,
  workerIdleMemoryLimit: '512MB',
  reporters: ['default', '<rootDir>/tools/closing-line.mjs'],
};
