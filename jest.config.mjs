export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/simulator', '<rootDir>/scripts', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // Minutes each on two cores: `npm run test:long`.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/long/'],
  extensionsToTreatAsEsm: ['.ts'],
  // Node's own type stripping is enough: jest strips types itself.
  transform: {},
  globalSetup: '<rootDir>/test/global-setup.mts',
  globalTeardown: '<rootDir>/test/global-teardown.mts',
  reporters: ['default', '<rootDir>/scripts/jest-summary.mjs'],
  testTimeout: 30_000,
  maxWorkers: 2,
};
