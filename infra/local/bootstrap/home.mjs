// Where a running system keeps what is its own: data, logs, and what its supervisor notes about itself.
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's own folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/**
 * @typedef {object} Home
 * @property {string} folder
 * @property {string} data what --fresh forgets
 * @property {string} run lock, recorded processes, control address
 * @property {string} logs
 */

/**
 * `.local` in the repository, or TICKETING_HOME, so that a second system can run from the same clone.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Home}
 */
export function homeOf(env) {
  const folder = resolve(env['TICKETING_HOME'] || join(root, '.local'));
  return { folder, data: join(folder, 'data'), run: join(folder, 'run'), logs: join(folder, 'logs') };
}

/** @param {Home} home */
export function createHome(home) {
  for (const folder of [home.data, home.run, home.logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
}
