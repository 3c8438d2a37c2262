// Where a system's servers are: those of the npm start that runs here, or those that the environment names.
import { homeOf } from '../local/bootstrap/home.mjs';
import { callControl } from '../local/control/client.mjs';
import { PlainFailure } from '../local/failure.mjs';
import { databaseUrl } from '../local/parts/service-environment.mjs';

/** The services that keep documents which events come from, and the collections they keep them in. */
export const collections = /** @type {const} */ ({
  tickets: 'tickets',
  orders: 'orders',
  payments: 'payments',
  auth: 'ended_sessions',
});
export const owners = /** @type {(keyof typeof collections)[]} */ (Object.keys(collections));
/** @typedef {keyof typeof collections} Owner */

/**
 * @typedef {object} Servers
 * @property {string} where for a person: which system this is
 * @property {Partial<Record<Owner, string>>} mongo each service's own database
 * @property {string} [nats]
 * @property {string} clusterId
 * @property {string} [redis]
 * @property {{ key: string, apiBase: string }} [stripe]
 */

/** What an environment that speaks of servers has at least one of. */
const mongoVariables = owners.map((name) => /** @type {const} */ ([name, `${name.toUpperCase()}_MONGO_URI`]));

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Servers>}
 */
export async function findServers(env) {
  return (
    serversOfEnvironment(env) ?? serversOfStatus(await callControl(homeOf(env).run, 'GET', '/status'), env)
  );
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Servers | undefined} nothing where it names no database
 */
export function serversOfEnvironment(env) {
  const one = env['MONGO_URL'];
  const named = mongoVariables.flatMap(([owner, variable]) => {
    const uri = env[variable] || (one && databaseUrl(one, owner));
    return uri ? [[owner, uri]] : [];
  });
  if (named.length === 0) return undefined;
  return {
    ...{ where: 'the servers in the environment', mongo: Object.fromEntries(named) },
    ...rest(env, env['NATS_URL'], env['REDIS_URL'], env['STRIPE_API_BASE']),
  };
}

/**
 * @param {{ url: string, parts: { name: string, url: string }[] }} status what the running supervisor says
 * @param {NodeJS.ProcessEnv} env what it keeps to itself: passwords, Stripe's key
 * @returns {Servers}
 */
export function serversOfStatus({ url, parts }, env) {
  /** @param {string} name */
  const address = (name) => parts.find((part) => part.name === name)?.url;
  const mongo = address('mongo') ?? '';
  if (mongo.includes(':***@'))
    throw new PlainFailure('This system has a MongoDB of yours with a password: give MONGO_URL here too.');
  const apiBase = address('stripe');
  const isEmulator = apiBase !== undefined && /^http:\/\/127\.0\.0\.1:/.test(apiBase);
  return {
    ...{ where: url, mongo: Object.fromEntries(owners.map((name) => [name, databaseUrl(mongo, name)])) },
    ...rest(
      isEmulator ? { STRIPE_KEY: 'sk_test_local', ...env } : env,
      address('nats'),
      address('redis'),
      apiBase,
    ),
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string | undefined} nats
 * @param {string | undefined} redis
 * @param {string | undefined} apiBase
 */
function rest(env, nats, redis, apiBase = 'https://api.stripe.com') {
  const key = env['STRIPE_KEY'];
  return {
    clusterId: env['NATS_CLUSTER_ID'] || 'ticketing',
    ...(nats && { nats }),
    ...(redis && { redis }),
    ...(key && { stripe: { key, apiBase } }),
  };
}

/**
 * One of the servers, or a sentence that says which variable is missing.
 * @template {'nats' | 'redis' | 'stripe'} N
 * @param {Servers} servers
 * @param {N} name
 * @returns {NonNullable<Servers[N]>}
 */
export function needed(servers, name) {
  const found = servers[name];
  if (found) return /** @type {NonNullable<Servers[N]>} */ (found);
  const variable = { nats: 'NATS_URL', redis: 'REDIS_URL', stripe: 'STRIPE_KEY' }[name];
  throw new PlainFailure(`${variable} is missing in the environment.`, { exitCode: 2 });
}
