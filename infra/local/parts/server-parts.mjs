// The parts that keep the data: MongoDB, NATS Streaming, Redis, and Stripe's emulator; none where its URL was given.
import { join } from 'node:path';
import { root } from '../bootstrap/home.mjs';
import { mongodCommand, natsCommand, redisCommand } from '../servers/index.mjs';
import { isHttpReady, isMongoReady, isNatsReady, isRedisReady } from '../servers/index.mjs';
import { dataFolderOf, definePart, node } from './define-part.mjs';

/** @typedef {import('./plan.mjs').Plan} Plan */

/** @param {Plan} plan */
export function serverParts(plan) {
  const { binaries } = plan;
  return [
    ...(binaries.mongod === undefined ? [] : [mongo(plan, binaries.mongod)]),
    ...(binaries.nats === undefined ? [] : [nats(plan, binaries.nats)]),
    ...(binaries.redis === undefined ? [] : [redis(plan, binaries.redis)]),
    ...(plan.emulatesStripe ? [stripe(plan)] : []),
  ];
}

/** @param {Plan} plan @param {string} binary */
function mongo(plan, binary) {
  const port = plan.ports.mongo;
  return definePart(plan, {
    name: 'mongo',
    port,
    url: plan.shared.addresses.mongo,
    isReady: () => isMongoReady(port),
    round: 'servers',
    command: mongodCommand({ binary, port, dataFolder: dataFolderOf(plan, 'mongo') }),
  });
}

/** @param {Plan} plan @param {string} binary */
function nats(plan, binary) {
  const { nats: port, natsMonitor: monitorPort } = plan.ports;
  const { clusterId } = plan.shared.settings;
  return definePart(plan, {
    name: 'nats',
    port,
    url: plan.shared.addresses.nats,
    isReady: () => isNatsReady(monitorPort),
    round: 'servers',
    command: natsCommand({ binary, port, monitorPort, clusterId, dataFolder: dataFolderOf(plan, 'nats') }),
  });
}

/** @param {Plan} plan @param {string} binary */
function redis(plan, binary) {
  const port = plan.ports.redis;
  return definePart(plan, {
    name: 'redis',
    port,
    url: plan.shared.addresses.redis,
    isReady: () => isRedisReady(port),
    round: 'servers',
    command: redisCommand({ binary, port, dataFolder: dataFolderOf(plan, 'redis') }),
  });
}

/** @param {Plan} plan */
function stripe(plan) {
  const port = plan.ports.stripe;
  const url = `http://127.0.0.1:${port}`;
  const dataFile = join(dataFolderOf(plan, 'stripe'), 'stripe.jsonl');
  return definePart(plan, {
    name: 'stripe',
    port,
    url,
    isReady: () => isHttpReady(`${url}/readyz`),
    round: 'servers',
    command: node('dist/main.js'),
    cwd: join(root, 'infra/stripe-emulator'),
    env: {
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_FILE: dataFile,
      // By the door that Stripe's own come by; those that find nobody there yet are sent again.
      WEBHOOK_URL: `http://127.0.0.1:${plan.ports.gateway}/api/payments/webhook`,
      WEBHOOK_SECRET: plan.shared.addresses.stripe.webhookSecret ?? '',
      NODE_ENV: plan.shared.settings.nodeEnv,
    },
  });
}
