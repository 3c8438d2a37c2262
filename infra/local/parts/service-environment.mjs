// The environment that each of the five services is started with: its contract with infra, in one table.

/**
 * @typedef {object} Addresses
 * @property {string} mongo a URL whose database is still to be named
 * @property {string} nats
 * @property {string} redis
 * @property {{ key: string, apiBase?: string | undefined, webhookSecret?: string | undefined }} stripe
 */

/**
 * @typedef {object} Shared
 * @property {Addresses} addresses
 * @property {string} jwtKey
 * @property {Record<string, string>} base PATH and the like
 * @property {import('../bootstrap/settings.mjs').Settings} settings
 */

export const services = /** @type {const} */ (['auth', 'tickets', 'orders', 'payments', 'expiration']);
/** @typedef {typeof services[number]} ServiceName */

/**
 * What each service needs to be there, and is told the address of.
 * @type {Record<ServiceName, readonly ('mongo' | 'nats' | 'redis' | 'stripe')[]>}
 */
export const serviceNeeds = {
  auth: ['mongo', 'nats', 'redis'],
  tickets: ['mongo', 'nats'],
  orders: ['mongo', 'nats', 'redis'],
  payments: ['mongo', 'nats', 'redis', 'stripe'],
  expiration: ['nats', 'redis'],
};

/**
 * @param {ServiceName} name
 * @param {number} replica
 * @param {number} port
 * @param {Shared} shared
 * @returns {Record<string, string>}
 */
export function serviceEnvironment(name, replica, port, { addresses, jwtKey, base, settings }) {
  const needs = serviceNeeds[name];
  return {
    ...base,
    ...settings.passedOn,
    NODE_ENV: settings.nodeEnv,
    HOST: '127.0.0.1',
    PORT: String(port),
    INSTANCE_ID: `${name}-${replica}`,
    TRUST_PROXY: 'loopback',
    ...(needs.includes('mongo') && { MONGO_URI: databaseUrl(addresses.mongo, name), JWT_KEY: jwtKey }),
    ...(needs.includes('mongo') && settings.jwtKeyPrevious && { JWT_KEY_PREVIOUS: settings.jwtKeyPrevious }),
    ...(needs.includes('nats') && { NATS_URL: addresses.nats, NATS_CLUSTER_ID: settings.clusterId }),
    ...(needs.includes('redis') && { REDIS_URL: addresses.redis }),
    ...(needs.includes('stripe') && { STRIPE_KEY: addresses.stripe.key }),
    ...(needs.includes('stripe') &&
      addresses.stripe.apiBase && { STRIPE_API_BASE: addresses.stripe.apiBase }),
    ...(needs.includes('stripe') &&
      addresses.stripe.webhookSecret && { STRIPE_WEBHOOK_SECRET: addresses.stripe.webhookSecret }),
    ...(name === 'orders' && settings.maxOpenHolds && { MAX_OPEN_HOLDS: settings.maxOpenHolds }),
    ...(name === 'orders' &&
      settings.expirationSeconds && { EXPIRATION_SECONDS: settings.expirationSeconds }),
  };
}

/**
 * Names the service's own database in a server's URL, one of several hosts included.
 * @param {string} url
 * @param {string} database
 * @returns {string}
 */
export function databaseUrl(url, database) {
  const [, server = '', hosts = '', named = '', query = ''] =
    /^(mongodb(?:\+srv)?:\/\/([^/?]+))\/?([^?]*)(?:\?(.*))?$/.exec(url) ?? [];
  const options = new URLSearchParams(query);
  // Without it the driver looks up the account in the database named here, and no longer where it was.
  if (hosts.includes('@') && !options.has('authSource')) options.set('authSource', named || 'admin');
  const text = options.toString();
  return `${server}/${database}${text === '' ? '' : `?${text}`}`;
}
