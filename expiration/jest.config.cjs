module.exports = require('../infra/test/jest-preset.cjs');
