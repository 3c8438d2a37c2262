// A server given by URL is somebody else's; that it answers is all that is checked here.
import { PlainFailure } from '../failure.mjs';
import { isTcpReady } from '../servers/index.mjs';

const DEFAULT_PORTS = { mongo: 27017, nats: 4222, redis: 6379 };
const VARIABLES = { mongo: 'MONGO_URL', nats: 'NATS_URL', redis: 'REDIS_URL' };

/** @param {{ mongo?: string, nats?: string, redis?: string }} urls */
export async function assertReachable(urls) {
  for (const name of /** @type {const} */ (['mongo', 'nats', 'redis'])) {
    const addresses = addressesOf(urls[name] ?? '', DEFAULT_PORTS[name]);
    if (addresses.length === 0) continue;
    const answers = await Promise.all(addresses.map(({ host, port }) => isTcpReady(host, port)));
    if (answers.includes(true)) continue;
    const listed = addresses.map(({ host, port }) => `${host}:${port}`).join(', ');
    throw new PlainFailure(
      `${VARIABLES[name]} says ${listed}, where nothing answers: start that server, or leave ${VARIABLES[name]} out to have one started here.`,
    );
  }
}

/**
 * @param {string} url possibly of several hosts
 * @param {number} defaultPort
 * @returns {{ host: string, port: number }[]} none for mongodb+srv, whose hosts only DNS knows
 */
export function addressesOf(url, defaultPort) {
  const [, scheme = '', authority = ''] = /^([a-z+]+):\/\/(?:[^@/]*@)?([^/?]+)/.exec(url) ?? [];
  if (scheme === '' || scheme.endsWith('+srv')) return [];
  return authority.split(',').map((address) => {
    const [, ipv6, name = '', port] = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/.exec(address) ?? [];
    return { host: ipv6 ?? name, port: Number(port ?? defaultPort) };
  });
}
