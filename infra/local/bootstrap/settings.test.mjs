import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseEnvironment, readSettings } from './settings.mjs';

test('needs nothing', () => {
  const settings = readSettings({});
  assert.equal(settings.port, 3000);
  assert.equal(settings.seed, true);
  assert.equal(settings.nodeEnv, 'development');
  assert.deepEqual(settings.urls, {});
});

test('an empty variable is an absent one', () => {
  assert.equal(readSettings({ PORT: '', JWT_KEY: '' }).port, 3000);
  assert.equal('jwtKey' in readSettings({ JWT_KEY: '' }), false);
});

/** @type {[string, string][]} */
const malformed = [
  ['PORT', 'abc'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['EXPIRATION_SECONDS', '0'],
  ['EXPIRATION_SECONDS', '1.5'],
  ['MONGO_URL', 'localhost:27017'],
  ['MONGO_URL', 'mongodb://'],
  ['NATS_URL', 'http://localhost:4222'],
  ['REDIS_URL', 'redis'],
  ['STRIPE_API_BASE', 'ftp://localhost'],
  ['SEED', 'maybe'],
  ['SKIP_BUILD', 'yes'],
];
for (const [name, value] of malformed) {
  test(`refuses ${name}=${value}, naming it`, () => {
    assert.throws(() => readSettings({ [name]: value }), { exitCode: 2, message: new RegExp(`^${name} `) });
  });
}

test('never runs the Stripe emulator in production', () => {
  assert.throws(() => readSettings({ NODE_ENV: 'production' }), { exitCode: 2, message: /needs STRIPE_KEY/ });
  assert.equal(readSettings({ NODE_ENV: 'production', STRIPE_KEY: 'sk_live_1' }).nodeEnv, 'production');
});

test('keeps demonstration tickets out of a database that is not ours, unless asked', () => {
  assert.equal(readSettings({ MONGO_URL: 'mongodb://db' }).seed, false);
  assert.equal(readSettings({ MONGO_URL: 'mongodb://db', SEED: 'on' }).seed, true);
  assert.equal(readSettings({ SEED: 'off' }).seed, false);
});

test('passes on to programs no more of the environment than it names', () => {
  assert.deepEqual(baseEnvironment({ PATH: '/bin', HOME: '/h', AWS_SECRET_ACCESS_KEY: 'x', JWT_KEY: 'y' }), {
    PATH: '/bin',
    HOME: '/h',
  });
});
