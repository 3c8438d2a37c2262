// What every part's definition has in common: its log file, its environment, the round in which it stops.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap/home.mjs';

/** @typedef {import('../supervisor/part.mjs').PartDefinition} PartDefinition */
/** @typedef {import('./plan.mjs').Plan} Plan */

/** Those who are asked stop first, those who keep the data last. */
export const stopRounds = { door: 1, services: 2, servers: 3 };

/**
 * @typedef {object} Particulars
 * @property {string} name
 * @property {number} port
 * @property {string} url
 * @property {() => Promise<boolean>} isReady
 * @property {keyof typeof stopRounds} round
 * @property {readonly string[]} [needs]
 * @property {number} [replica]
 * @property {number} [of]
 * @property {{ program: string, args: string[] }} command
 * @property {string} [cwd]
 * @property {Record<string, string>} [env] besides PATH and the like
 */

/**
 * @param {Plan} plan
 * @param {Particulars} particulars
 * @returns {PartDefinition}
 */
export function definePart(plan, { command, cwd = root, env = {}, round, ...rest }) {
  const { needs = [], replica = 1, of = 1 } = rest;
  const logFile = join(plan.home.logs, of > 1 ? `${rest.name}-${replica}.log` : `${rest.name}.log`);
  const full = { ...command, cwd, env: { ...plan.shared.base, ...env } };
  return { ...rest, needs, replica, of, logFile, stopsIn: stopRounds[round], command: full };
}

/**
 * A part's own folder in the data that --fresh forgets.
 * @param {Plan} plan
 * @param {string} name
 */
export function dataFolderOf(plan, name) {
  const folder = join(plan.home.data, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** @param {string[]} args */
export const node = (...args) => ({ program: process.execPath, args });
