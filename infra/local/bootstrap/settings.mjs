// The environment of `npm start`, checked once: a malformed value ends the start with a sentence that names it.
import { PlainFailure } from '../failure.mjs';

/**
 * @typedef {object} Settings
 * @property {number} port the gateway's; 0 is any free one
 * @property {boolean} seed
 * @property {boolean} skipBuild
 * @property {boolean} hurryAlerts alerts after seconds instead of minutes, to rehearse them
 * @property {string} nodeEnv
 * @property {{ mongo?: string, nats?: string, redis?: string }} urls servers that are somebody else's to run
 * @property {string} clusterId NATS Streaming's
 * @property {{ key?: string, apiBase?: string, webhookSecret?: string, publishableKey?: string }} stripe
 * @property {string} [jwtKey]
 * @property {string} [jwtKeyPrevious]
 * @property {string} [expirationSeconds]
 * @property {string} [maxOpenHolds]
 * @property {Record<string, string>} passedOn names that go to every service as they are
 */

/** Of the caller's environment, a started program sees these and the names of its own contract. */
const BASE_NAMES = ['PATH', 'HOME', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Settings}
 */
export function readSettings(env) {
  const mongo = url(env, 'MONGO_URL', /^mongodb(\+srv)?:$/);
  const nats = url(env, 'NATS_URL', /^(nats|tls):$/);
  const redis = url(env, 'REDIS_URL', /^rediss?:$/);
  const apiBase = url(env, 'STRIPE_API_BASE', /^https?:$/);
  const expiration = whole(env, 'EXPIRATION_SECONDS', 1, 86_400);
  const maxOpenHolds = whole(env, 'MAX_OPEN_HOLDS', 1, 1_000_000);
  const nodeEnv = given(env, 'NODE_ENV') ?? 'development';
  const stripeKey = given(env, 'STRIPE_KEY');
  if (nodeEnv === 'production' && stripeKey === undefined) {
    throw invalid(
      'NODE_ENV=production needs STRIPE_KEY: the Stripe emulator is for development and tests only.',
    );
  }
  return {
    port: whole(env, 'PORT', 0, 65_535) ?? 3000,
    // Demonstration tickets have no business in a database that is not ours, unless asked for.
    seed: flag(env, 'SEED', ['on', 'off']) ?? mongo === undefined,
    skipBuild: flag(env, 'SKIP_BUILD', ['1', '0']) ?? false,
    hurryAlerts: flag(env, 'HURRY_ALERTS', ['1', '0']) ?? false,
    nodeEnv,
    urls: compact({ mongo, nats, redis }),
    clusterId: given(env, 'NATS_CLUSTER_ID') ?? 'ticketing',
    stripe: compact({
      key: stripeKey,
      apiBase,
      webhookSecret: given(env, 'STRIPE_WEBHOOK_SECRET'),
      publishableKey: given(env, 'STRIPE_PUBLISHABLE_KEY'),
    }),
    ...compact({ jwtKey: given(env, 'JWT_KEY'), jwtKeyPrevious: given(env, 'JWT_KEY_PREVIOUS') }),
    ...compact({ expirationSeconds: expiration === undefined ? undefined : String(expiration) }),
    ...compact({ maxOpenHolds: maxOpenHolds === undefined ? undefined : String(maxOpenHolds) }),
    passedOn: compact({
      LOG_LEVEL: given(env, 'LOG_LEVEL'),
      RATE_LIMITS: given(env, 'RATE_LIMITS'),
      OTEL_EXPORTER_OTLP_ENDPOINT: url(env, 'OTEL_EXPORTER_OTLP_ENDPOINT', /^https?:$/),
    }),
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
export function baseEnvironment(env) {
  return compact(Object.fromEntries(BASE_NAMES.map((name) => [name, env[name]])));
}

/** @param {string} message */
const invalid = (message) => new PlainFailure(message, { exitCode: 2 });

/**
 * An empty variable counts as absent, as in `JWT_KEY= npm start`.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 */
const given = (env, name) => env[name] || undefined;

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {number} least
 * @param {number} most
 */
function whole(env, name, least, most) {
  const text = given(env, name);
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw invalid(`${name} is "${text}", and must be a whole number from ${least} to ${most}.`);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {RegExp} protocol
 */
function url(env, name, protocol) {
  const text = given(env, name);
  if (text === undefined) return undefined;
  // Several hosts (mongodb://a,b) are no URL to WHATWG's parser, so only what matters here is looked at.
  const [, scheme = ''] = /^([a-z+]+:)\/\/[^/]/.exec(text) ?? [];
  if (protocol.test(scheme)) return text;
  throw invalid(`${name} is not a URL of the right kind (its start must match ${protocol.source}//).`);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {[yes: string, no: string]} words
 */
function flag(env, name, [yes, no]) {
  const text = given(env, name);
  if (text === undefined) return undefined;
  if (text === yes || text === no) return text === yes;
  throw invalid(`${name} is "${text}", and must be ${yes} or ${no}.`);
}

/**
 * Leaves out what is undefined: an optional property is absent or has a value.
 * @template {Record<string, string | undefined>} T
 * @param {T} object
 * @returns {{ [K in keyof T]?: string } & Record<string, string>}
 */
function compact(object) {
  return /** @type {any} */ (
    Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
  );
}
