// The systems run what is compiled: compiled once for all files, unless whoever calls has just done it.
const path = require('node:path');

module.exports = async () => {
  if (process.env.SKIP_BUILD === '1') return;
  const { buildAll } = await import('../../local/bootstrap/packages.mjs');
  await buildAll(path.resolve(__dirname, '../../..'), { log: console.log });
};
