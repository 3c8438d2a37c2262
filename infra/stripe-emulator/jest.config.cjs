// The emulator needs no server but itself.
const { globalSetup, globalTeardown, ...preset } = require('../test/jest-preset.cjs');

module.exports = preset;
