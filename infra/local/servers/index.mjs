// The door of servers/: the real MongoDB, NATS Streaming and Redis, for `npm start` and for tests.
import { findMongod } from './mongod.mjs';
import { findNatsStreaming } from './nats.mjs';
import { findRedis } from './redis.mjs';

export { mongodCommand, natsCommand, redisCommand } from './command-lines.mjs';
export { ensurePrimary } from './replica-set.mjs';
export { isHttpReady, isMongoReady, isNatsReady, isRedisReady, isTcpReady } from './probes.mjs';

/** @typedef {'mongod' | 'nats' | 'redis'} ServerName */
/** @typedef {{ log: (line: string) => void, modules: Promise<unknown>, signal: AbortSignal | undefined }} FinderContext */
/** @typedef {(context: FinderContext) => Promise<string>} Finder */

/** @type {Record<ServerName, Finder>} */
const finders = { mongod: findMongod, nats: findNatsStreaming, redis: findRedis };

/**
 * Finds, and where necessary fetches, the server binaries, all at once.
 * @template {ServerName} [N=ServerName]
 * @param {object} options
 * @param {(line: string) => void} options.log told what takes time
 * @param {readonly N[]} [options.only] all three unless told
 * @param {Promise<unknown>} [options.modules] node_modules is there; awaited only where a server comes from it
 * @param {AbortSignal} [options.signal] gives up
 * @returns {Promise<Record<N, string>>} absolute paths
 */
export async function ensureServers({ log, only, modules = Promise.resolve(), signal }) {
  const names = only ?? /** @type {N[]} */ (/** @type {unknown} */ (Object.keys(finders)));
  // All of them, also when one fails early: what another has fetched by then stays in the cache.
  const outcomes = await Promise.allSettled(names.map((name) => finders[name]({ log, modules, signal })));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  const paths = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : ''));
  return /** @type {Record<N, string>} */ (Object.fromEntries(names.map((name, i) => [name, paths[i]])));
}
