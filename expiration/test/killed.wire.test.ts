// The process is killed: what it had accepted is in Redis, and what it had not is still with the broker.
import type { OrderData } from '@ticketing/common';
import { eventually } from '@ticketing/common/testing';
import { ExpirationUnderTest } from './support/expiration-under-test';

let expiration: ExpirationUnderTest;
beforeAll(async () => {
  expiration = await ExpirationUnderTest.start();
});
afterAll(() => expiration.stop());

test('killed with jobs pending: the next process announces them, due already or not', async () => {
  const [due, later] = [await expiration.place(500), await expiration.place(3000)];
  await eventually(() => Promise.all([expiration.job(due), expiration.job(later)]));
  await expiration.process?.kill();
  await eventually(() => {
    expect(Date.now()).toBeGreaterThan(Date.parse(due.expiresAt));
  });
  await expiration.startProcess();
  await eventually(() => expiration.lateness(due), 20_000);
  await eventually(() => expiration.lateness(later), 20_000);
  expect(expiration.lateness(later)).toBeGreaterThanOrEqual(0);
});

test('killed while announcing: the next process announces it within seconds', async () => {
  const order = await expiration.place(1000);
  await eventually(() => expiration.job(order));
  // The job is at work, and waits for the broker's confirmation.
  expiration.broker.freeze();
  await eventually(async () => {
    expect(await expiration.queue.getActiveCount()).toBe(1);
  });
  await expiration.process?.kill();
  await expiration.broker.kill();
  await expiration.broker.start();
  await expiration.startProcess();
  await eventually(() => expiration.lateness(order), 20_000);
});

test('killed while Redis was away: an order it had not scheduled was not acknowledged, and comes again', async () => {
  await expiration.redis.kill();
  const order = await expiration.place(-1000);
  await eventually(async () => {
    const { text } = await expiration.http.get('/metrics').expect(200);
    expect(text).toMatch(/^events_received_total\{.*outcome="failed".*\} [1-9]/m);
  });
  await expiration.process?.kill();
  await expiration.redis.start();
  await expiration.startProcess();
  await eventually(() => expiration.lateness(order), 20_000);
});

test('started with Redis and the broker away, it waits for both', async () => {
  await expiration.process?.kill();
  const order = await expiration.place(-1000);
  await Promise.all([expiration.redis.kill(), expiration.broker.kill()]);
  await expiration.startProcess();
  const { body } = await expiration.http.get('/readyz').expect(503);
  expect(body).toMatchObject({ checks: { redis: { isUp: false }, broker: { isUp: false } } });
  await Promise.all([expiration.redis.start(), expiration.broker.start()]);
  await eventually(() => expiration.http.get('/readyz').expect(200), 20_000);
  await eventually(() => expiration.lateness(order), 20_000);
});

test('killed amid a stream of orders again and again: every one of them expires', async () => {
  const orders: OrderData[] = [];
  for (let round = 0; round < 3; round++) {
    for (let count = 0; count < 30; count++) orders.push(await expiration.place(200));
    await expiration.process?.kill();
    await expiration.startProcess();
  }
  await eventually(() => {
    const missing = orders.filter((order) => expiration.announcements(order).length === 0);
    expect(missing).toEqual([]);
  }, 30_000);
});
