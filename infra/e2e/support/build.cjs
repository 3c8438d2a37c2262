// The systems run what is compiled: compiled once for all files, unless whoever calls has just done it. And a browser.
const path = require('node:path');

module.exports = async () => {
  await findBrowser();
  if (process.env.SKIP_BUILD === '1') return;
  const { buildAll } = await import('../../local/bootstrap/packages.mjs');
  await buildAll(path.resolve(__dirname, '../../..'), { log: console.log });
};

/** The files that need none can do without; those that do say what is missing. */
async function findBrowser() {
  const { findChromium } = await import('../../local/servers/chromium.mjs');
  try {
    process.env.CHROME_PATH = await findChromium({ log: console.log });
  } catch (error) {
    delete process.env.CHROME_PATH;
    process.env.CHROME_MISSING = String(error);
  }
}
