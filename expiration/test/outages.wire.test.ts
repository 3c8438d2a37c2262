// Redis or the broker goes away, is killed or emptied: expiration lives on, and whatever was due is announced.
import { eventually } from '@ticketing/common/testing';
import { ExpirationUnderTest } from './support/expiration-under-test';

let expiration: ExpirationUnderTest;
let pid: unknown;
beforeAll(async () => {
  expiration = await ExpirationUnderTest.start();
  pid = expiration.process;
});
afterAll(() => expiration.stop());

afterEach(async () => {
  // Nothing that happened here has ended the process, and it works.
  expect(expiration.process).toBe(pid);
  expect(expiration.process?.isAlive).toBe(true);
  await isReady();
  const order = await expiration.place(100);
  await eventually(() => expiration.lateness(order), 20_000);
});

const readiness = () => expiration.http.get('/readyz');
const isReady = () => eventually(() => readiness().expect(200), 20_000);
const isNotReady = (missing: 'redis' | 'broker') =>
  eventually(async () => {
    const { body } = await readiness().expect(503);
    expect(body).toMatchObject({ isReady: false, checks: { [missing]: { isUp: false } } });
  }, 20_000);

/** How many events could not be handled and were left with the broker. */
async function failed(): Promise<number> {
  const { text } = await expiration.http.get('/metrics').expect(200);
  return Number(/^events_received_total\{.*outcome="failed".*\} (\d+)/m.exec(text)?.[1] ?? 0);
}

test('it is ready with Redis and the broker', async () => {
  const { body } = await isReady();
  expect(body).toEqual({
    isReady: true,
    checks: { redis: { isUp: true, isNeeded: true }, broker: { isUp: true, isNeeded: true } },
  });
});

test('Redis killed and started again has kept the jobs: what fell due meanwhile and what falls due later', async () => {
  const [meanwhile, later] = [await expiration.place(1500), await expiration.place(4000)];
  await eventually(() => Promise.all([expiration.job(meanwhile), expiration.job(later)]));
  await expiration.redis.kill();
  await isNotReady('redis');
  await eventually(() => {
    expect(Date.now()).toBeGreaterThan(Date.parse(meanwhile.expiresAt));
  });
  expect(expiration.announcements(meanwhile)).toEqual([]);
  await expiration.redis.start();
  await eventually(() => expiration.lateness(meanwhile));
  await eventually(() => expiration.lateness(later));
  expect(expiration.lateness(later)).toBeGreaterThanOrEqual(0);
  expect(expiration.announcements(later)).toHaveLength(1);
});

test('an order that is placed while Redis is away is scheduled when it is back', async () => {
  const failures = await failed();
  await expiration.redis.kill();
  await isNotReady('redis');
  const order = await expiration.place(60_000);
  const past = await expiration.place(-1000);
  // Both are in the process's hands, and could not be scheduled.
  await eventually(async () => {
    expect(await failed()).toBeGreaterThanOrEqual(failures + 2);
  });
  await expiration.redis.start();
  await eventually(() => expiration.job(order), 20_000);
  await eventually(() => expiration.lateness(past), 20_000);
  expect(await expiration.queue.getDelayedCount()).toBe(1);
  await (await expiration.job(order)).remove();
});

test('with the broker away, what falls due is announced when it is back', async () => {
  const orders = [await expiration.place(1000), await expiration.place(1200)];
  await eventually(() => Promise.all(orders.map((order) => expiration.job(order))));
  await expiration.broker.kill();
  await isNotReady('broker');
  await eventually(async () => {
    for (const order of orders) expect((await expiration.job(order)).attemptsMade).toBeGreaterThan(0);
  });
  await expiration.broker.start();
  await eventually(() => {
    for (const order of orders) expect(expiration.announcements(order)).not.toHaveLength(0);
  }, 30_000);
});

test('Redis emptied: what was pending is gone, the service is not', async () => {
  const order = await expiration.place(60_000);
  await eventually(() => expiration.job(order));
  await expiration.redisClient.flushall();
  expect(await expiration.queue.getJob(order.id)).toBeNull();
});

test('Redis full: an order waits for room, and is not set aside', async () => {
  await expiration.redisClient.config('SET', 'maxmemory', '1');
  const failures = await failed();
  const order = await expiration.place(-1000);
  await eventually(async () => {
    expect(await failed()).toBeGreaterThan(failures);
  });
  await expiration.redisClient.config('SET', 'maxmemory', '0');
  await eventually(() => expiration.lateness(order), 20_000);
  expect(await expiration.redisClient.hlen('set-aside')).toBe(0);
});
