// Limits that replicas share, on a real Redis that comes and goes.
import { createLogger, Metrics, TooManyRequests } from '@ticketing/common';
import { RateLimits, type Limit } from '@ticketing/common/limits';
import { eventually, newId, TestServer } from '@ticketing/common/testing';

const rate = { times: 10, seconds: 60 };
let redis: TestServer;
const opened: RateLimits[] = [];

/** One replica's limit, once it is connected (or not, with Redis away). */
function replica(url = `redis://127.0.0.1:${redis.port}`): { limit: Limit; metrics: Metrics } {
  const metrics = new Metrics('things');
  const limits = new RateLimits({
    url,
    service: 'things',
    logger: createLogger('t', 't', 'silent'),
    metrics,
  });
  opened.push(limits);
  void limits.start();
  return { limit: limits.of('clicks', rate), metrics };
}

/** Counts this often at once, and tells how many were let through. */
async function passed(times: number, who: string, ...limits: Limit[]): Promise<number> {
  const counting = Array.from({ length: times }, async (_, i) => limits[i % limits.length]?.count(who));
  const results = await Promise.allSettled(counting);
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    expect(result.reason).toBeInstanceOf(TooManyRequests);
    const { retryAfterSeconds } = result.reason as TooManyRequests;
    expect(retryAfterSeconds).toBeGreaterThan(0);
    expect(retryAfterSeconds).toBeLessThanOrEqual(rate.seconds);
  }
  return results.filter(({ status }) => status === 'fulfilled').length;
}

const isShared = (first: Limit, second: Limit): Promise<void> =>
  eventually(async () => {
    expect(await passed(30, newId(), first, second)).toBe(10);
  });

beforeEach(async () => {
  redis = await TestServer.redis();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((limits) => limits.stop()));
  await redis.stop();
});

test('of what comes at once to three replicas, as much passes as one would let through', async () => {
  const [a, b, c] = [replica().limit, replica().limit, replica().limit];
  await isShared(a, b);
  const who = newId();
  expect(await passed(60, who, a, b, c)).toBe(10);
  expect(await passed(10, who, c)).toBe(0);
  expect(await passed(10, newId(), a, b, c)).toBe(10);
});

test('who is forgotten begins again, at every replica that was not asked in between', async () => {
  const [a, b] = [replica().limit, replica().limit];
  await isShared(a, b);
  const who = newId();
  expect(await passed(9, who, a, b)).toBe(9);
  await a.forget(who);
  expect(await passed(30, who, a, b)).toBe(10);
});

test('a limit is over when its time is', async () => {
  const metrics = new Metrics('things');
  const limits = new RateLimits({
    ...{ url: `redis://127.0.0.1:${redis.port}`, service: 'things' },
    ...{ logger: createLogger('t', 't', 'silent'), metrics },
  });
  opened.push(limits);
  void limits.start();
  const limit = limits.of('short', { times: 2, seconds: 1 });
  const who = newId();
  await limit.count(who);
  await limit.count(who);
  await expect(limit.count(who)).rejects.toMatchObject({ retryAfterSeconds: 1 });
  await eventually(() => limit.count(who));
});

test('with Redis away nothing fails: each replica counts for itself, and together again when it is back', async () => {
  const [a, b] = [replica(), replica()];
  await isShared(a.limit, b.limit);
  await redis.kill();
  const alone = async (): Promise<number> => {
    const [entry] = (await a.metrics.registry.getMetricsAsJSON()).filter(
      ({ name }) => name === 'rate_limits_without_redis_total',
    );
    return entry?.values[0]?.value ?? 0;
  };
  const who = newId();
  const before = await alone();
  expect(await passed(40, who, a.limit)).toBe(10);
  expect(await passed(40, who, b.limit)).toBe(10);
  expect((await alone()) - before).toBe(40);
  await redis.start();
  await isShared(a.limit, b.limit);
});

test('a service that starts while Redis is away limits, and shares its limits later', async () => {
  await redis.kill();
  const [a, b] = [replica().limit, replica().limit];
  expect(await passed(40, newId(), a)).toBe(10);
  await redis.start();
  await isShared(a, b);
});

test('a Redis that hangs makes nobody wait for long, and after the first few nobody at all', async () => {
  const [a, b] = [replica().limit, replica().limit];
  await isShared(a, b);
  redis.freeze();
  let start = performance.now();
  expect(await passed(30, newId(), a)).toBe(10);
  expect(performance.now() - start).toBeLessThan(2000);
  start = performance.now();
  for (let i = 0; i < 20; i++) await a.count(newId());
  expect(performance.now() - start).toBeLessThan(1000);
});
