// What is counted: every metric that is promised moves when what it counts happens.
import { announce } from './support/broker';
import { eventually } from './support/eventually';
import { ownNames, readMetrics, sumOf, type Sample } from './support/metrics';
import { expectStatus, Person } from './support/person';
import { metricsAskedFor, metricsDocumented } from './support/promised-metrics';
import type { ServiceName, System } from './support/system';
import { useSystem } from './support/use-system';

const running = useSystem({ expirationSeconds: 8, rateLimits: 'on' });
let system: System;
let seller: Person;
let buyer: Person;

beforeAll(async () => {
  system = running();
  [seller, buyer] = await Promise.all([Person.signedUp(system), Person.signedUp(system)]);
});

/** Waits until the sum of a metric has grown since `before` (or is what `to` says). */
const moves = (
  before: readonly Sample[],
  name: string,
  service: ServiceName,
  labels = '',
  to?: number,
): Promise<void> =>
  eventually(
    async () => {
      const value = sumOf(await readMetrics(system), name, service, labels);
      if (to === undefined) expect(value).toBeGreaterThan(sumOf(before, name, service, labels));
      else expect([name, value]).toEqual([name, to]);
    },
    { withinMs: 25_000, everyMs: 250 },
  );

test('a purchase, a hold and its expiry move what is counted of them', async () => {
  const before = await readMetrics(system);
  const { id } = expectStatus(201, await seller.list('A concert', 19.99));
  const held = await buyer.orderSoon(id);
  await moves(before, 'orders_open', 'orders', '', 1);
  await moves(before, 'expiration_lateness_seconds_count', 'expiration');
  await moves(before, 'orders_open', 'orders', '', 0);
  for (const service of ['tickets', 'orders'] as const) {
    await moves(before, 'http_request_duration_seconds_count', service, 'method="POST"');
    await moves(before, 'relay_published_total', service);
    await moves(before, 'relay_lag_seconds_count', service);
    await moves(before, 'event_lag_seconds_count', service);
    await moves(before, 'events_received_total', service, 'outcome="handled"');
  }
  expect((await buyer.seeOrder(held.id)).status).toBe('cancelled');
});

test('money that comes and goes moves what is counted of it', async () => {
  const before = await readMetrics(system);
  const { id } = expectStatus(201, await seller.list('A concert', 19.99));
  const placed = await buyer.orderSoon(id);
  expect((await buyer.paySoon(placed.id, 'tok_chargeDeclined')).code).toBe('payments.card_declined');
  await moves(before, 'payments_refused_total', 'payments', 'reason="declined"');
  // Charged while orders cannot hear of it, and cancelled meanwhile: given back.
  await system.stopPart('nats');
  expectStatus(201, await buyer.pay(placed.id));
  await moves(before, 'payments_charged_total', 'payments');
  expectStatus(204, await buyer.cancel(placed.id));
  await system.startPart('nats');
  await moves(before, 'payments_refunded_total', 'payments');
  await moves(before, 'payments_settled_total', 'payments', 'status="refunded"');
  await moves(before, 'payments_unsettled', 'payments', '', 0);
});

test('poison and failures move what is counted of messages', async () => {
  const before = await readMetrics(system);
  await announce(system, [{ channel: 'order:created', text: 'no JSON' }]);
  await moves(before, 'events_received_total', 'tickets', 'outcome="set_aside"');
  await moves(before, 'set_aside_messages', 'payments', '', 1);
  await system.stopPart('redis');
  const { id } = expectStatus(201, await seller.list('A concert', 19.99));
  await buyer.orderSoon(id);
  await moves(before, 'dependency_up', 'expiration', 'name="redis"', 0);
  await moves(before, 'events_redelivered_total', 'expiration');
  await moves(before, 'orders_expired_late_total', 'orders');
  await system.startPart('redis');
  await moves(before, 'dependency_up', 'expiration', 'name="redis"', 1);
});

test('the broker away is seen, and how far behind the relay is', async () => {
  const before = await readMetrics(system);
  await system.stopPart('nats');
  expectStatus(201, await seller.list('Unheard of', 10));
  await moves(before, 'dependency_up', 'orders', 'name="broker"', 0);
  await eventually(
    async () => {
      expect(sumOf(await readMetrics(system), 'relay_behind_seconds', 'tickets')).toBeGreaterThan(3);
    },
    { everyMs: 250 },
  );
  await system.startPart('nats');
  await eventually(
    async () => {
      expect(sumOf(await readMetrics(system), 'relay_behind_seconds', 'tickets')).toBeLessThan(3);
    },
    { everyMs: 250 },
  );
  expect(sumOf(await readMetrics(system), 'relay_is_leading', 'tickets')).toBe(1);
});

test('labels are few: routes are patterns, and no id is ever one', async () => {
  const samples = await readMetrics(system);
  const labels = samples.map((sample) => sample.labels);
  expect(labels.filter((text) => /[0-9a-f]{24}/.test(text))).toEqual([]);
  expect(samples.filter(({ name }) => name === 'http_request_duration_seconds_count').length).toBeLessThan(
    60,
  );
  expect(ownNames(samples).length).toBeGreaterThan(10);
});

test('every metric that an alert or a dashboard asks for is one that a service has, and all our own are documented', async () => {
  const samples = await readMetrics(system);
  const exported = new Set(samples.map(({ name }) => name));
  const asked = metricsAskedFor();
  expect(asked.size).toBeGreaterThan(15);
  // Prometheus's own: whether it could look at all.
  const unknown = [...asked].filter(([name]) => !exported.has(name) && name !== 'up');
  expect(unknown).toEqual([]);
  expect(ownNames(samples).sort()).toEqual(metricsDocumented().sort());
});
