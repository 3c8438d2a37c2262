// The whole system's story: every file boots a system of its own.
const preset = require('../test/jest-preset.cjs');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testEnvironmentOptions: preset.testEnvironmentOptions,
  transform: preset.transform,
  rootDir: __dirname,
  testMatch: ['<rootDir>/*.test.ts'],
  setupFilesAfterEnv: ['<rootDir>/support/expect-documented.ts'],
  globalSetup: '<rootDir>/support/build.cjs',
  testTimeout: 120_000,
  // Half of their time these tests wait for an outage to last or an order to expire.
  maxWorkers: 2,
};
