import unit from './jest.config.js';

/** The end-to-end suite: real API servers, so one file after the other. */
export default {
  ...unit,
  testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/e2e/support/require-assets.ts',
  maxWorkers: 1,
  testTimeout: 240_000,
};
