// The preset of all workspaces, without its servers: what is tested here are rules, not requests.
const { globalSetup, globalTeardown, ...preset } = require('../infra/test/jest-preset.cjs');

module.exports = preset;
