// What payments asks of its environment.
import { ConfigError } from '@ticketing/common';
import { testEnv } from '@ticketing/common/testing';
import { configFrom } from './config';

const env = (given: NodeJS.ProcessEnv) => testEnv('payments', { STRIPE_KEY: 'sk_test_1', ...given });

test.each([
  ['a test key', { STRIPE_KEY: 'sk_test_51Abc' }],
  ['a live key', { STRIPE_KEY: 'sk_live_51Abc' }],
  ['a restricted key', { STRIPE_KEY: 'rk_live_51Abc' }],
  ['a test key for another address', { STRIPE_API_BASE: 'http://127.0.0.1:12111' }],
])('%s will do', (_what, given) => {
  expect(configFrom(env(given))).toMatchObject(given);
});

test.each([
  ['no key', { STRIPE_KEY: '' }, 'STRIPE_KEY is missing'],
  ['the publishable key', { STRIPE_KEY: 'pk_test_51Abc' }, 'STRIPE_KEY is malformed'],
  ['a placeholder', { STRIPE_KEY: 'sk_test_change_me' }, 'STRIPE_KEY is malformed: is a placeholder'],
  ['a placeholder of one letter', { STRIPE_KEY: 'sk_test_xxxxxxxx' }, 'is a placeholder'],
  ['an example', { STRIPE_KEY: 'sk_test_your_key' }, 'is a placeholder'],
  ['an address that is none', { STRIPE_API_BASE: 'stripe:12111' }, 'STRIPE_API_BASE is malformed'],
  [
    'a live key for another address than Stripe',
    { STRIPE_KEY: 'sk_live_51Abc', STRIPE_API_BASE: 'http://127.0.0.1:12111' },
    'a live key is only ever sent to Stripe',
  ],
])('%s stops the start, and is named', (_what, given, message) => {
  expect(() => configFrom(env(given))).toThrow(ConfigError);
  expect(() => configFrom(env(given))).toThrow(message);
});

test('a key that does not fit is not repeated in the message', () => {
  expect(() => configFrom(env({ STRIPE_KEY: 'hunter2' }))).toThrow(/^(?!.*hunter2)/s);
});
