// The one jest configuration of all workspaces: TypeScript by swc, sources of common without a build, real servers.
const path = require('node:path');

/** @type {import('jest').Config} */
module.exports = {
  rootDir: process.cwd(),
  roots: ['<rootDir>'],
  testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['development', 'node', 'require', 'default'] },
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  globalSetup: path.join(__dirname, 'jest-global-setup.cjs'),
  globalTeardown: path.join(__dirname, 'jest-global-teardown.cjs'),
  testTimeout: 60_000,
  maxWorkers: 2,
};
