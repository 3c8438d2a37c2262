// The door to Bull, on a real Redis: what it does not take is not the order's fault.
import { createLogger, newCause, Unavailable } from '@ticketing/common';
import { eventually, newId, TestServer } from '@ticketing/common/testing';
import Redis from 'ioredis';
import type { Expiration } from '../src/expirations/expiration';
import { ExpirationQueue } from '../src/expirations/expiration-queue';

let server: TestServer;
let redis: Redis;
let queue: ExpirationQueue;
beforeAll(async () => {
  server = await TestServer.redis();
  const url = `redis://127.0.0.1:${server.port}`;
  redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  queue = new ExpirationQueue(url, createLogger('expiration', 'test', 'silent'));
  await queue.start();
});
afterAll(async () => {
  await queue.stop();
  redis.disconnect();
  await server.stop();
});

const expiration = (inMs: number): Expiration => ({
  orderId: newId(),
  expiresAt: new Date(Date.now() + inMs).toISOString(),
  ...newCause(),
});
const pending = () => redis.zcard('bull:expiration:delayed');

test('a full Redis is unavailable, for as long as it is full', async () => {
  const given = expiration(60_000);
  await redis.config('SET', 'maxmemory', '1');
  await expect(queue.add(given)).rejects.toThrow(Unavailable);
  await redis.config('SET', 'maxmemory', '0');
  const before = await pending();
  await queue.add(given);
  expect(await pending()).toBe(before + 1);
});

test('a Redis that is away is unavailable within seconds, and what was tried meanwhile is one job at its time', async () => {
  const given = expiration(60_000);
  const before = await pending();
  await server.kill();
  await eventually(() => {
    expect(queue.isUp()).toBe(false);
  });
  await Promise.all([1, 2, 3].map(() => expect(queue.add(given)).rejects.toThrow(Unavailable)));
  await server.start();
  await eventually(() => {
    expect(queue.isUp()).toBe(true);
  });
  await queue.add(given);
  expect(await pending()).toBe(before + 1);
});

test('jobs are left alone until there is a worker for them', async () => {
  const given = expiration(-1);
  await queue.add(given);
  const done: string[] = [];
  queue.work(({ orderId }) => {
    done.push(orderId);
    return Promise.resolve();
  });
  await eventually(() => {
    expect(done).toEqual([given.orderId]);
  });
});
