// `npm run test:alerts`: minutes long, and so not a part of npm test.
const e2e = require('../jest.config.cjs');

/** @type {import('jest').Config} */
module.exports = { ...e2e, rootDir: __dirname, globalSetup: '<rootDir>/../support/build.cjs' };
