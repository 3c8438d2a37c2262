// An order placed is announced as expired once its time is up: not before, not long after, whatever comes twice.
import { OrderCreated } from '@ticketing/common';
import { eventOf, eventually, orderData } from '@ticketing/common/testing';
import { ExpirationUnderTest } from './support/expiration-under-test';

let expiration: ExpirationUnderTest;
beforeAll(async () => {
  expiration = await ExpirationUnderTest.start();
});
afterAll(() => expiration.stop());

// Generous: it says "at its time" rather than how busy this machine is. The benchmark measures.
const tolerated = 3000;

test('an order has one job, by its own id, due at its time', async () => {
  const order = await expiration.place(60_000);
  const job = await eventually(() => expiration.job(order));
  expect(job.data).toMatchObject({ orderId: order.id, expiresAt: order.expiresAt });
  expect(job.timestamp + Number(job.opts.delay)).toBeGreaterThanOrEqual(Date.parse(order.expiresAt) - 1);
  expect(job.timestamp + Number(job.opts.delay)).toBeLessThan(Date.parse(order.expiresAt) + tolerated);
});

test('an order announced three times has one job, and expires once', async () => {
  const order = orderData({ expiresAt: new Date(Date.now() + 1000).toISOString() });
  const event = eventOf(OrderCreated, order);
  await Promise.all([expiration.tap.say(event), expiration.tap.say(event), expiration.tap.say(event)]);
  const last = await expiration.place(1200);
  await eventually(() => expiration.lateness(last));
  expect(expiration.announcements(order)).toHaveLength(1);
});

test('it is announced when its time is up: not before, and not long after; on the trace of the order', async () => {
  const order = orderData({ expiresAt: new Date(Date.now() + 1500).toISOString() });
  const event = eventOf(OrderCreated, order);
  await expiration.tap.say(event);
  const lateness = await eventually(() => expiration.lateness(order));
  expect(lateness).toBeGreaterThanOrEqual(0);
  expect(lateness).toBeLessThan(tolerated);
  expect(expiration.announcements(order)[0]?.traceparent).toBe(event.traceparent);
});

test('an order whose time is long over is announced at once', async () => {
  const order = await expiration.place(-3_600_000);
  await eventually(() => expiration.lateness(order));
  expect(Date.now() - (expiration.announcements(order)[0]?.at ?? 0)).toBeLessThan(tolerated);
});

test('orders expire by their time, whatever order they were placed in', async () => {
  const later = await expiration.place(1600);
  const sooner = await expiration.place(400);
  await eventually(() => expiration.lateness(later));
  expect(expiration.lateness(sooner)).toBeGreaterThanOrEqual(0);
  expect(expiration.announcements(sooner)[0]?.at).toBeLessThan(expiration.announcements(later)[0]?.at ?? 0);
});

test('300 orders due at once are all announced, each once', async () => {
  const expiresAt = new Date(Date.now() + 2000).toISOString();
  const orders = await Promise.all(Array.from({ length: 300 }, () => expiration.place(0, { expiresAt })));
  await eventually(() => {
    for (const order of orders) expect(expiration.announcements(order)).toHaveLength(1);
  }, 15_000);
  for (const order of orders) expect(expiration.lateness(order)).toBeLessThan(2 * tolerated);
});

test('a finished job leaves nothing behind in Redis', async () => {
  const order = await expiration.place(100);
  await eventually(() => expiration.lateness(order));
  await eventually(async () => {
    expect(await expiration.queue.getJob(order.id)).toBeNull();
    expect(await expiration.queue.getJobCounts()).toMatchObject({ completed: 0, failed: 0, active: 0 });
  });
});

test('an order announced again after it expired is announced again as expired, as the same event', async () => {
  const order = await expiration.place(-1000);
  await eventually(() => expiration.lateness(order));
  await eventually(async () => {
    expect(await expiration.queue.getJob(order.id)).toBeNull();
  });
  await expiration.tap.say(eventOf(OrderCreated, order));
  await eventually(() => {
    expect(expiration.announcements(order)).toHaveLength(2);
  });
  const ids = expiration.tap.heard.flatMap(({ id, subject }) => (subject === order.id ? [id] : []));
  expect(ids[0]).toBe(ids[1]);
});

test('a graceful stop leaves the jobs for the next start', async () => {
  const [due, pending] = [await expiration.place(1500), await expiration.place(60_000)];
  await eventually(() => Promise.all([expiration.job(due), expiration.job(pending)]));
  expect(await expiration.process?.stop()).toBe(0);
  await eventually(() => {
    expect(Date.now()).toBeGreaterThan(Date.parse(due.expiresAt) + 500);
  });
  expect(expiration.announcements(due)).toEqual([]);
  await expiration.startProcess();
  await eventually(() => expiration.lateness(due));
  expect(expiration.announcements(due)).toHaveLength(1);
  await expiration.job(pending);
});

test('it says by its metrics how late it announces', async () => {
  const { text } = await expiration.http.get('/metrics').expect(200);
  expect(text).toMatch(/^expiration_lateness_seconds_count\{service="expiration"\} [1-9]/m);
});
