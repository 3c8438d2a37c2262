// What expiration asks of its environment.
import { ConfigError } from '@ticketing/common';
import { testEnv } from '@ticketing/common/testing';
import { configFrom } from './config';

const env = (given: NodeJS.ProcessEnv) => testEnv('expiration', given);

test.each(['redis://127.0.0.1:6379', 'rediss://:secret@redis.internal:6380'])('%s will do', (REDIS_URL) => {
  expect(configFrom(env({ REDIS_URL }))).toMatchObject({ REDIS_URL });
});

test.each([
  ['', 'REDIS_URL is missing'],
  ['127.0.0.1:6379', 'REDIS_URL is malformed'],
  ['http://127.0.0.1:6379', 'REDIS_URL is malformed'],
])('REDIS_URL=%s stops the start, and is named', (REDIS_URL, message) => {
  expect(() => configFrom(env({ REDIS_URL }))).toThrow(ConfigError);
  expect(() => configFrom(env({ REDIS_URL }))).toThrow(message);
});
