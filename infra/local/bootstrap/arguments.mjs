// What a person may type after `npm start --`.
import { PlainFailure } from '../failure.mjs';

export const MAX_REPLICAS = 16;

/**
 * @typedef {object} Arguments
 * @property {boolean} fresh forget the data of earlier runs
 * @property {number} replicas how many of each of the five services
 * @property {boolean} observe Prometheus beside them, with the alert rules
 * @property {boolean} help
 */

/**
 * @param {string[]} argv without node and the script
 * @returns {Arguments}
 */
export function parseArguments(argv) {
  const parsed = { fresh: false, replicas: 1, observe: false, help: false };
  for (let i = 0; i < argv.length; i++) {
    const [word = '', inline] = (argv[i] ?? '').split('=', 2);
    if (word === '--replicas') parsed.replicas = replicaCount(inline ?? argv[++i]);
    else if (word === '--fresh' && inline === undefined) parsed.fresh = true;
    else if (word === '--observe' && inline === undefined) parsed.observe = true;
    else if ((word === '--help' || word === '-h') && inline === undefined) parsed.help = true;
    else {
      throw new PlainFailure(
        `"${argv[i]}" is not an argument of npm start, which takes --fresh, --replicas N, --observe and --help.`,
        { exitCode: 2 },
      );
    }
  }
  return parsed;
}

/** @param {string | undefined} text */
function replicaCount(text) {
  const count = /^\d+$/.test(text ?? '') ? Number(text) : NaN;
  if (count >= 1 && count <= MAX_REPLICAS) return count;
  throw new PlainFailure(`--replicas needs a whole number from 1 to ${MAX_REPLICAS}, as in --replicas 3.`, {
    exitCode: 2,
  });
}
