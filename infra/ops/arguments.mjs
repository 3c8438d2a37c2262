// What an operator may type after `npm run ops --`.
import { parseArgs } from 'node:util';
import { PlainFailure } from '../local/failure.mjs';

export const usage = `npm run ops -- relay                     who relays each service's events, and how far behind it is
               set-aside list            what listeners could not handle, in every service
               set-aside replay [ID…]    hands it to its listener again: all, or by channel/number
               set-aside forget ID…      forgets what never can be handled
               reconcile [--repair]      compares the services' copies, and payments with Stripe
               order ID                  everything that happened to one order

  --json             for programs (relay, reconcile, order)
  --service NAME     this service only (set-aside)
  --since HOURS      how far back Stripe is compared: 24 unless told (reconcile)
  --repair           announces again what a copy has missed; without it nothing is written (reconcile)

Exit code: 0 all is well, 1 something is not or cannot be reached, 2 bad arguments.
It finds the system of npm start by itself (TICKETING_HOME: another one). For any other system, give its servers:
AUTH_MONGO_URI, TICKETS_MONGO_URI, ORDERS_MONGO_URI, PAYMENTS_MONGO_URI (or one MONGO_URL), NATS_URL, REDIS_URL, STRIPE_KEY;
docs/operating.md has the port-forwards of a cluster.`;

/** The services that listen, and so may set something aside. */
export const listeningServices = /** @type {const} */ (['tickets', 'orders', 'payments', 'expiration']);
/** @typedef {typeof listeningServices[number]} ListeningService */

/**
 * @typedef {{ json: boolean }} Shown
 * @typedef {{ command: 'help' }
 *   | { command: 'relay' } & Shown
 *   | { command: 'order', id: string } & Shown
 *   | { command: 'reconcile', repair: boolean, sinceHours: number } & Shown
 *   | { command: 'set-aside', action: 'list' | 'replay' | 'forget', ids: string[], services: readonly ListeningService[] }
 * } Wanted
 */

const options = /** @type {const} */ ({
  json: { type: 'boolean' },
  repair: { type: 'boolean' },
  service: { type: 'string' },
  since: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
});

/** Which options each command takes. @type {Record<string, readonly string[]>} */
const taken = {
  relay: ['json'],
  order: ['json'],
  reconcile: ['json', 'repair', 'since'],
  'set-aside': ['service'],
};

/**
 * @param {string[]} argv without node and the script
 * @returns {Wanted}
 */
export function readArguments(argv) {
  const { values, positionals } = parse(argv);
  const [command = '', ...rest] = positionals;
  if (values.help) return { command: 'help' };
  const allowed = taken[command];
  if (allowed === undefined)
    throw refused(command === '' ? 'A command is missing.' : `There is no command "${command}".`);
  const strange = Object.keys(values).find((name) => !allowed.includes(name));
  if (strange !== undefined) throw refused(`${command} takes no --${strange}.`);
  const json = values.json ?? false;
  if (command === 'set-aside') return readSetAside(rest, values.service);
  if (command === 'order') return { command, id: orderId(rest), json };
  if (rest.length > 0) throw refused(`${command} takes no "${rest[0]}".`);
  if (command === 'relay') return { command, json };
  return { command: 'reconcile', json, repair: values.repair ?? false, sinceHours: hours(values.since) };
}

/** @param {string[]} argv */
function parse(argv) {
  try {
    return parseArgs({ args: argv, allowPositionals: true, options });
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error), error);
  }
}

/**
 * @param {string[]} words
 * @param {string | undefined} service
 * @returns {Wanted}
 */
function readSetAside([action, ...ids], service) {
  if (action !== 'list' && action !== 'replay' && action !== 'forget')
    throw refused('set-aside needs "list", "replay" or "forget".');
  if (action === 'forget' && ids.length === 0)
    throw refused('set-aside forget needs the messages to forget.');
  if (action === 'list' && ids.length > 0) throw refused('set-aside list takes no messages.');
  const wrong = ids.find((id) => !/^[a-z]+:[a-z]+\/\d+$/.test(id));
  if (wrong !== undefined) throw refused(`"${wrong}" is no message: they look like order:created/17.`);
  const services = listeningServices.filter((name) => service === undefined || name === service);
  if (services.length > 0) return { command: 'set-aside', action, ids, services };
  throw refused(`There is no service "${service}" that listens; there are ${listeningServices.join(', ')}.`);
}

/** @param {string[]} words */
function orderId([id = '', ...more]) {
  if (/^[0-9a-f]{24}$/i.test(id) && more.length === 0) return id.toLowerCase();
  throw refused('order needs the id of one order: 24 hexadecimal digits.');
}

/** @param {string | undefined} text */
function hours(text = '24') {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value > 0) return value;
  throw refused(`--since is "${text}", and must be a whole number of hours, as in --since 24.`);
}

/** @param {string} message @param {unknown} [cause] */
const refused = (message, cause) => new PlainFailure(message, { exitCode: 2, detail: usage, cause });
