// `reconcile`: compares what the services say of the same things, and what payments says with Stripe. What is only on
// its way is not told: a difference counts when it is still there after some seconds of looking again.
import { pause } from '../local/wait.mjs';
import { announceAgain } from './announce.mjs';
import { compareCharges } from './charges.mjs';
import { differences } from './compare.mjs';
import { comparisons, entriesOf } from './comparisons.mjs';

const looksAgain = 5;
const betweenMs = 1000;
/** More than that is no list to read: something is down, and `relay` says what. */
const most = 1000;
/** @param {{ key: string }} difference */
const keyOf = ({ key }) => key;

/**
 * @typedef {object} Disagreement
 * @property {string} comparison
 * @property {string} id
 * @property {string} says
 * @property {string | null} own
 * @property {string | null} copy
 *
 * @typedef {object} Reconciliation
 * @property {Record<string, { compared: number | null, differ: number }>} comparisons by name; null: not compared
 * @property {Disagreement[]} disagreements
 * @property {number} announcedAgain
 * @property {string[]} notes
 */

/**
 * @param {import('./databases.mjs').Databases} databases
 * @param {import('./servers.mjs').Servers} servers
 * @param {{ repair: boolean, sinceHours: number }} wanted
 * @returns {Promise<Reconciliation>}
 */
export async function reconcile(databases, servers, { repair, sinceHours }) {
  /** @type {Reconciliation} */
  const result = { comparisons: {}, disagreements: [], announcedAgain: 0, notes: [] };
  const charges = servers.stripe && compareCharges(databases, servers.stripe, sinceHours);
  // Its failure is told below; until then it is not unheard.
  charges?.catch(() => undefined);
  const found = await Promise.all(
    comparisons.map(async (comparison) => {
      const { compared, keys } = await compareAll(databases, comparison);
      if (keys.length === most)
        result.notes.push(`${comparison.name}: looked no further after ${most} differences`);
      return { comparison, compared, left: await lookAgain(databases, comparison, keys) };
    }),
  );
  if (repair) {
    for (const { comparison, left } of found)
      result.announcedAgain += await announceAgain(databases, servers, comparison, left.map(keyOf));
    // One may mend another: looked at when all has been announced.
    await Promise.all(
      found.map(async (each) => {
        each.left = await lookAgain(databases, each.comparison, each.left.map(keyOf));
      }),
    );
  }
  for (const { comparison, compared, left } of found) {
    const { name, says } = comparison;
    result.comparisons[name] = { compared, differ: left.length };
    result.disagreements.push(
      ...left.map(({ key, own, copy }) => ({ comparison: name, id: key, says, own, copy })),
    );
  }
  const money = await charges;
  result.comparisons['charges'] = {
    compared: money?.compared ?? null,
    differ: money?.disagreements.length ?? 0,
  };
  result.disagreements.push(...(money?.disagreements ?? []));
  if (!money) result.notes.push('charges: not compared, STRIPE_KEY is missing');
  return result;
}

/** @param {Reconciliation} found */
export function reconciliationText({ comparisons: rows, disagreements, announcedAgain, notes }) {
  const lines = Object.entries(rows).map(([name, { compared, differ }]) =>
    compared === null ? `${name}: not compared` : `${name}: ${compared} compared, ${differ} differ`,
  );
  const told = disagreements.map(
    ({ comparison, id, says, own, copy }) =>
      `${comparison} ${id}: ${says}\n  own  ${own ?? 'nothing'}\n  copy ${copy ?? 'nothing'}`,
  );
  const mended = announcedAgain > 0 ? [`${announcedAgain} events announced again`] : [];
  const end = disagreements.length === 0 ? 'everything agrees' : `${disagreements.length} disagreements`;
  return [...lines, ...told, ...mended, ...notes, end].join('\n');
}

/**
 * @param {import('./databases.mjs').Databases} databases
 * @param {import('./comparisons.mjs').Comparison} comparison
 */
async function compareAll(databases, { own, copy }) {
  /** @type {string[]} */
  const keys = [];
  let compared = 0;
  const counted = async function* () {
    for await (const entry of entriesOf(databases, own)) {
      compared++;
      yield entry;
    }
  };
  for await (const { key } of differences(counted(), entriesOf(databases, copy))) {
    keys.push(key);
    if (keys.length === most) break;
  }
  return { compared, keys };
}

/**
 * @param {import('./databases.mjs').Databases} databases
 * @param {import('./comparisons.mjs').Comparison} comparison
 * @param {string[]} keys
 * @returns {Promise<import('./compare.mjs').Difference[]>} what differs each time
 */
async function lookAgain(databases, { own, copy }, keys) {
  /** @type {import('./compare.mjs').Difference[]} */
  let left = [];
  for (let look = 0; look < looksAgain && keys.length > 0; look++) {
    await pause(betweenMs);
    left = [];
    const pairs = differences(entriesOf(databases, own, keys), entriesOf(databases, copy, keys));
    for await (const difference of pairs) left.push(difference);
    keys = left.map(({ key }) => key);
  }
  return left;
}
