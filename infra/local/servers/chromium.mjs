// Finds the browser that the client's tests look through: by CHROME_PATH, on PATH, else by the system's package manager.
import { PlainFailure } from '../failure.mjs';
import { findOnPath, isExecutable } from './cache.mjs';
import { installBySystem } from './system-packages.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const packages = { apt: 'chromium', dnf: 'chromium', apk: 'chromium' };
const advice = "Install Chromium, or give a Chrome's path: CHROME_PATH=… npm test.";

/**
 * Only tests need it; `npm start` does not.
 * @param {object} options
 * @param {(line: string) => void} options.log told what takes time
 * @param {AbortSignal} [options.signal] gives up
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<string>} its absolute path
 */
export async function findChromium({ log, signal, env = process.env }) {
  const given = env['CHROME_PATH'];
  if (given) {
    if (await isExecutable(given)) return given;
    throw new PlainFailure(`CHROME_PATH names no program: ${given}. ${advice}`);
  }
  for (const name of names) {
    const found = await findOnPath(name, env['PATH']);
    if (found !== undefined) return found;
  }
  const installed = await installBySystem({ program: 'chromium', packages, log, signal });
  if (installed !== undefined) return installed;
  throw new PlainFailure(`There is no browser to test the client in. ${advice}`);
}
