// What this run consists of: whose servers, which ports, which keys; everything the parts' definitions are made from.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseEnvironment } from '../bootstrap/settings.mjs';
import { errorCode } from '../failure.mjs';
import { freePorts } from './ports.mjs';
import { services } from './service-environment.mjs';

/** @typedef {import('../bootstrap/settings.mjs').Settings} Settings */
/** @typedef {import('../bootstrap/home.mjs').Home} Home */

/**
 * @typedef {object} Ports
 * @property {number} gateway
 * @property {number} mongo
 * @property {number} nats
 * @property {number} natsMonitor
 * @property {number} redis
 * @property {number} stripe
 * @property {number} client
 * @property {number} prometheus
 * @property {Record<import('./service-environment.mjs').ServiceName, number[]>} services
 */

/**
 * @typedef {object} Plan
 * @property {Home} home
 * @property {number} replicas
 * @property {{ mongod?: string, nats?: string, redis?: string, prometheus?: string }} binaries absent where the server is
 *   given by URL, or not asked for
 * @property {Ports} ports
 * @property {boolean} emulatesStripe
 * @property {import('./service-environment.mjs').Shared} shared
 * @property {import('../supervisor/supervisor.mjs').ExternalPart[]} externals
 */

/**
 * @param {object} options
 * @param {Home} options.home
 * @param {Settings} options.settings
 * @param {NodeJS.ProcessEnv} options.env
 * @param {number} options.replicas
 * @param {number} options.gatewayPort
 * @param {Plan['binaries']} options.binaries
 * @returns {Promise<Plan>}
 */
export async function makePlan({ home, settings, env, replicas, gatewayPort, binaries }) {
  const ports = await choosePorts(home, gatewayPort, replicas);
  const { urls, stripe } = settings;
  const emulatesStripe = stripe.key === undefined && stripe.apiBase === undefined;
  const apiBase = emulatesStripe ? `http://127.0.0.1:${ports.stripe}` : stripe.apiBase;
  const addresses = {
    mongo: urls.mongo ?? `mongodb://127.0.0.1:${ports.mongo}/?replicaSet=rs0`,
    nats: urls.nats ?? `nats://127.0.0.1:${ports.nats}`,
    redis: urls.redis ?? `redis://127.0.0.1:${ports.redis}`,
    stripe: {
      key: stripe.key ?? 'sk_test_local',
      apiBase,
      webhookSecret: emulatesStripe
        ? `whsec_${keptKey(home.data, 'webhook-secret', 'hex')}`
        : stripe.webhookSecret,
    },
  };
  const given = { ...urls, ...(!emulatesStripe && { stripe: apiBase ?? 'https://api.stripe.com' }) };
  const externals = Object.entries(given).map(([name, url]) => ({ name, url: withoutPassword(url) }));
  const jwtKey = settings.jwtKey ?? keptKey(home.data, 'jwt-key', 'base64url');
  const shared = { addresses, jwtKey, base: baseEnvironment(env), settings };
  return { home, replicas, binaries, ports, emulatesStripe, shared, externals };
}

/**
 * @param {Home} home
 * @param {number} gateway
 * @param {number} replicas
 * @returns {Promise<Ports>}
 */
async function choosePorts(home, gateway, replicas) {
  // A replica set remembers its member by address, so mongod has its last port again where that is free.
  const file = join(home.data, 'mongo-port');
  const last = Number(readIfThere(file) ?? '0');
  const count = 7 + services.length * replicas;
  const free = await freePorts(count, { preferred: last > 0 ? [last] : [] });
  const [mongo = 0, nats = 0, natsMonitor = 0, redis = 0, stripe = 0, client = 0, prometheus = 0] = free;
  writeFileSync(file, String(mongo));
  const ofServices = services.map((name, i) => [name, free.slice(7 + i * replicas, 7 + (i + 1) * replicas)]);
  return {
    gateway,
    mongo,
    nats,
    natsMonitor,
    redis,
    stripe,
    client,
    prometheus,
    services: Object.fromEntries(ofServices),
  };
}

/**
 * What was signed before a restart holds after it (sessions, webhooks on their way): a key is made once, and kept with
 * the data.
 * @param {string} dataFolder
 * @param {string} name
 * @param {'base64url' | 'hex'} form
 */
function keptKey(dataFolder, name, form) {
  const file = join(dataFolder, name);
  const kept = readIfThere(file);
  if (kept) return kept;
  const key = randomBytes(48).toString(form);
  writeFileSync(file, key, { mode: 0o600 });
  return key;
}

/** @param {string} url */
const withoutPassword = (url) => url.replace(/^([a-z+]+:\/\/[^:@/]*):[^@/]*@/, '$1:***@');

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
