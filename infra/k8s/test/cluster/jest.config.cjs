// Against a cluster, one file after the other: each does something to all of it. Run by run.mjs.
const preset = require('../../../test/jest-preset.cjs');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testEnvironmentOptions: preset.testEnvironmentOptions,
  transform: preset.transform,
  rootDir: __dirname,
  testMatch: ['<rootDir>/*.test.ts'],
  testTimeout: 420_000,
  maxWorkers: 1,
};
