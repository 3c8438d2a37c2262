// `set-aside`: each service's own command, run for all of them at once. A replay needs the service's listeners, so the
// service's code does it, in a process of its own.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { baseEnvironment } from '../local/bootstrap/settings.mjs';
import { root } from '../local/bootstrap/home.mjs';
import { lastLines, runCommand } from '../local/command.mjs';
import { PlainFailure } from '../local/failure.mjs';
import { needed } from './servers.mjs';

const DEADLINE_MS = 90_000;
const unknown = /^\S+\tis not set aside\n/gm;

/**
 * @param {import('./servers.mjs').Servers} servers
 * @param {Extract<import('./arguments.mjs').Wanted, { command: 'set-aside' }>} wanted
 * @param {(text: string) => void} say
 * @returns {Promise<boolean>} whether all was done; false when a message failed again, or nobody has set it aside
 */
export async function setAside(servers, { action, ids, services }, say) {
  const outputs = await Promise.all(services.map((service) => runIn(service, servers, [action, ...ids])));
  // A message lies where it failed; that the others do not have it is no news.
  const isKnown = (/** @type {string} */ id) =>
    outputs.some((text) => !text.includes(`${id}\tis not set aside\n`));
  for (const [i, text] of outputs.entries()) say(`${services[i]}\n${indent(text.replaceAll(unknown, ''))}`);
  const strange = action !== 'list' ? ids.filter((id) => !isKnown(id)) : [];
  for (const id of strange) say(`${id} is not set aside in ${services.join(', ')}`);
  return strange.length === 0 && !outputs.some((text) => text.includes('\tfailed again: '));
}

/**
 * @param {import('./arguments.mjs').ListeningService} service
 * @param {import('./servers.mjs').Servers} servers
 * @param {string[]} args
 */
async function runIn(service, servers, args) {
  const outcome = await runCommand(process.execPath, ['dist/main.js', 'set-aside', ...args], {
    ...{ cwd: join(root, service), deadlineMs: DEADLINE_MS, env: environmentOf(service, servers) },
  });
  if (outcome.code === 0) return outcome.stdout;
  throw new PlainFailure(`What ${service} set aside could not be seen (is it built? npm run build):`, {
    detail: lastLines(outcome.output, 10),
  });
}

/**
 * @param {import('./arguments.mjs').ListeningService} service
 * @param {import('./servers.mjs').Servers} servers
 */
function environmentOf(service, servers) {
  const store =
    service === 'expiration'
      ? { REDIS_URL: needed(servers, 'redis') }
      : { MONGO_URI: servers.mongo[service] ?? '', JWT_KEY: randomBytes(32).toString('hex') };
  return {
    ...baseEnvironment(process.env),
    REDIS_URL: servers.redis ?? 'redis://127.0.0.1:6379',
    ...store,
    INSTANCE_ID: `${service}-ops-${process.pid}`,
    LOG_LEVEL: 'silent',
    // The command speaks to the store alone; the configuration asks for the rest all the same.
    NATS_URL: servers.nats ?? 'nats://127.0.0.1:4222',
    STRIPE_KEY: servers.stripe?.key ?? 'sk_test_ops',
  };
}

/** @param {string} text */
const indent = (text) => text.trimEnd().replaceAll(/^/gm, '  ');
