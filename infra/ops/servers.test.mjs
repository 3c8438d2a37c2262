import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needed, serversOfEnvironment, serversOfStatus } from './servers.mjs';

const parts = [
  { name: 'mongo', url: 'mongodb://127.0.0.1:1/?replicaSet=rs0' },
  { name: 'nats', url: 'nats://127.0.0.1:2' },
  { name: 'redis', url: 'redis://127.0.0.1:3' },
  { name: 'stripe', url: 'http://127.0.0.1:4' },
];

test('finds the servers of a local system, its emulator of Stripe with any key', () => {
  assert.deepEqual(serversOfStatus({ url: 'http://localhost:3000', parts }, {}), {
    where: 'http://localhost:3000',
    mongo: {
      auth: 'mongodb://127.0.0.1:1/auth?replicaSet=rs0',
      tickets: 'mongodb://127.0.0.1:1/tickets?replicaSet=rs0',
      orders: 'mongodb://127.0.0.1:1/orders?replicaSet=rs0',
      payments: 'mongodb://127.0.0.1:1/payments?replicaSet=rs0',
    },
    ...{ clusterId: 'ticketing', nats: 'nats://127.0.0.1:2', redis: 'redis://127.0.0.1:3' },
    stripe: { key: 'sk_test_local', apiBase: 'http://127.0.0.1:4' },
  });
});

test("a local system on a database with a password is refused: the supervisor doesn't tell it", () => {
  const hidden = [{ name: 'mongo', url: 'mongodb://me:***@db/' }];
  assert.throws(() => serversOfStatus({ url: '', parts: hidden }, {}), { message: /give MONGO_URL/ });
});

test('takes the servers of the environment before any local system, and never Stripe without a key', () => {
  const found = serversOfEnvironment({
    ORDERS_MONGO_URI: 'mongodb://o/orders?directConnection=true',
    MONGO_URL: 'mongodb://all/',
    NATS_URL: 'nats://n',
    NATS_CLUSTER_ID: 'other',
  });
  assert.deepEqual(found, {
    where: 'the servers in the environment',
    mongo: {
      auth: 'mongodb://all/auth',
      tickets: 'mongodb://all/tickets',
      orders: 'mongodb://o/orders?directConnection=true',
      payments: 'mongodb://all/payments',
    },
    ...{ clusterId: 'other', nats: 'nats://n' },
  });
  assert.equal(serversOfEnvironment({ NATS_URL: 'nats://n' }), undefined);
});

test('a server that a command needs and nobody named is refused by the name of its variable', () => {
  const servers = { where: '', mongo: {}, clusterId: 'ticketing' };
  assert.throws(() => needed(servers, 'redis'), { message: /^REDIS_URL is missing/, exitCode: 2 });
});
