import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { readSettings } from '../bootstrap/settings.mjs';
import { addressesOf, assertReachable } from './externals.mjs';
import { freePorts, gatewayPort } from './ports.mjs';
import { databaseUrl, serviceEnvironment, services } from './service-environment.mjs';

test('every service gets its contract and nothing else', () => {
  const names = Object.fromEntries(
    services.map((name) => [
      name,
      Object.keys(
        serviceEnvironment(name, 2, 4000, {
          addresses: {
            mongo: 'mongodb://127.0.0.1:1/?replicaSet=rs0',
            nats: 'nats://n',
            redis: 'redis://r',
            stripe: { key: 'sk_test_local', apiBase: 'http://127.0.0.1:2', webhookSecret: 'whsec_1' },
          },
          jwtKey: 'k',
          base: { PATH: '/bin' },
          settings: readSettings({ EXPIRATION_SECONDS: '5', MAX_OPEN_HOLDS: '7', LOG_LEVEL: 'debug' }),
        }),
      )
        .sort()
        .join(' '),
    ]),
  );
  const all = (/** @type {string} */ more) =>
    ['HOST INSTANCE_ID LOG_LEVEL NODE_ENV PATH PORT TRUST_PROXY', more].join(' ').split(' ').sort().join(' ');
  assert.deepEqual(names, {
    auth: all('JWT_KEY MONGO_URI NATS_CLUSTER_ID NATS_URL REDIS_URL'),
    tickets: all('JWT_KEY MONGO_URI NATS_CLUSTER_ID NATS_URL'),
    orders: all('EXPIRATION_SECONDS JWT_KEY MAX_OPEN_HOLDS MONGO_URI NATS_CLUSTER_ID NATS_URL REDIS_URL'),
    payments: all(
      'JWT_KEY MONGO_URI NATS_CLUSTER_ID NATS_URL REDIS_URL STRIPE_API_BASE STRIPE_KEY STRIPE_WEBHOOK_SECRET',
    ),
    expiration: all('NATS_CLUSTER_ID NATS_URL REDIS_URL'),
  });
});

/** @type {[string, string][]} */
const urls = [
  ['mongodb://127.0.0.1:1/?replicaSet=rs0', 'mongodb://127.0.0.1:1/orders?replicaSet=rs0'],
  ['mongodb://db', 'mongodb://db/orders'],
  ['mongodb://a:1,b:2/other?w=1', 'mongodb://a:1,b:2/orders?w=1'],
  ['mongodb+srv://u:p@c.example', 'mongodb+srv://u:p@c.example/orders?authSource=admin'],
  ['mongodb://u:p@db/accounts', 'mongodb://u:p@db/orders?authSource=accounts'],
  ['mongodb://u:p@db/?authSource=x', 'mongodb://u:p@db/orders?authSource=x'],
];
for (const [given, expected] of urls) {
  test(`${given} with the database orders is ${expected}`, () =>
    assert.equal(databaseUrl(given, 'orders'), expected));
}

test('finds the addresses in a server’s URL', () => {
  assert.deepEqual(addressesOf('mongodb://u:p@a,b:2/x?y', 27017), [
    { host: 'a', port: 27017 },
    { host: 'b', port: 2 },
  ]);
  assert.deepEqual(addressesOf('nats://[::1]:4', 4222), [{ host: '::1', port: 4 }]);
  assert.deepEqual(addressesOf('mongodb+srv://c', 27017), []);
  assert.deepEqual(addressesOf('', 1), []);
});

test('a server’s URL at which nothing answers is refused, naming the variable', async () => {
  await assert.rejects(assertReachable({ nats: 'nats://127.0.0.1:1' }), {
    name: 'PlainFailure',
    message: /^NATS_URL says 127\.0\.0\.1:1, where nothing answers/,
  });
});

test('chooses different ports below those of outgoing connections, the wanted one first', async () => {
  const ports = await freePorts(30, { preferred: [15_001] });
  assert.equal(ports[0], 15_001);
  assert.equal(new Set(ports).size, 30);
  assert.ok(ports.every((port) => port >= 15_000 && port < 32_768));
});

test('passes over a wanted port that is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  assert.notEqual((await freePorts(1, { preferred: [port] }))[0], port);
  server.close();
});

for (const host of ['127.0.0.1', '::1']) {
  test(`a gateway port that is taken on ${host} is refused, naming another one`, async () => {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    await assert.rejects(gatewayPort(port), {
      exitCode: 1,
      message: new RegExp(`^Port ${port} is taken by another program.*PORT=${port + 1} npm start`),
    });
    server.close();
  });
}
