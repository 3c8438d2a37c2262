// What an operator sees of a purchase: one trace id in every log, and one trace at the collector.
import { Collector } from './support/collector';
import { eventually } from './support/eventually';
import { expectStatus, Person, type Order } from './support/person';
import { System, type LogLine } from './support/system';

let collector: Collector;
let system: System;
let seller: Person;
let buyer: Person;

beforeAll(async () => {
  collector = await Collector.start();
  system = await System.boot({ expirationSeconds: 8, env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
  [seller, buyer] = await Promise.all([Person.signedUp(system), Person.signedUp(system)]);
});
afterAll(async () => {
  await system.stop();
  collector.stop();
});

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const caller = '00f067aa0ba902b7';
const headers = { traceparent: `00-${traceId}-${caller}-01` };

async function orderSoon(ticketId: string): Promise<Order> {
  return eventually(async () =>
    expectStatus(201, await buyer.call<Order>('POST', '/api/orders', { ticketId }, { headers })),
  );
}

let order: Order;
test('a purchase, by a caller who began a trace', async () => {
  const { id } = expectStatus(201, await seller.list('A concert', 19.99));
  order = await orderSoon(id);
  await eventually(async () => {
    const body = { orderId: order.id, token: 'tok_visa' };
    expectStatus(201, await buyer.call('POST', '/api/payments', body, { headers }));
  });
  await eventually(async () => {
    expect((await buyer.seeOrder(order.id)).status).toBe('complete');
  });
});

test('its trace id is in the logs of all services, with the ids of requests and events', async () => {
  const inBrief = ({ service, msg, channel, url, eventId, requestId }: LogLine): string =>
    msg === 'request'
      ? `${service} ${url ?? ''} ${requestId ? 'has an id' : ''}`
      : `${service} ${channel ?? ''} ${eventId ?? ''}`;
  await eventually(async () => {
    const logs = await Promise.all(
      (['tickets', 'orders', 'payments', 'expiration'] as const).map((name) => system.log(name)),
    );
    const lines = logs.flat();
    const ofTrace = lines.filter((line) => line.traceId === traceId && line.level === 30);
    const [ticket, id] = [order.ticket.id, order.id];
    expect([...new Set(ofTrace.map(inBrief))].sort()).toEqual(
      [
        'orders /api/orders has an id',
        'payments /api/payments has an id',
        ...['tickets', 'payments', 'expiration'].map((service) => `${service} order:created ${id}.0`),
        `orders ticket:updated ${ticket}.1`,
        `orders payment:created ${/payment:created (\S+)/.exec(ofTrace.map(inBrief).join('\n'))?.[1] ?? ''}`,
        ...['tickets', 'payments'].map((service) => `${service} order:completed ${id}.1`),
        `orders ticket:updated ${ticket}.2`,
      ].sort(),
    );
    // No line about this order tells of another trace.
    const strange = lines.filter((line) => line.eventId?.startsWith(id) && line.traceId !== traceId);
    expect(strange).toEqual([]);
  });
});

test('it is one trace at the collector: requests, what was published, what was received, each under what led to it', async () => {
  await eventually(() => {
    const spans = collector.ofTrace(traceId);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const inBrief = new Set(
      spans
        .filter(({ attributes }) => Number(attributes['http.response.status_code'] ?? 0) < 400)
        .map(({ service, name, kind, parentSpanId }) => {
          const parent = byId.get(parentSpanId);
          const under =
            parentSpanId === caller ? 'the caller' : parent ? `${parent.service} ${parent.name}` : '?';
          return `${service} ${name} (${kind}) under ${under}`;
        }),
    );
    const placing = 'orders POST /api/orders';
    const paying = 'payments POST /api/payments';
    const completing = 'orders process payment:created';
    expect([...inBrief].sort()).toEqual(
      [
        `${placing} (2) under the caller`,
        `orders publish order:created (4) under ${placing}`,
        `tickets process order:created (5) under ${placing}`,
        `payments process order:created (5) under ${placing}`,
        `expiration process order:created (5) under ${placing}`,
        'tickets publish ticket:updated (4) under tickets process order:created',
        'orders process ticket:updated (5) under tickets process order:created',
        `${paying} (2) under the caller`,
        `payments publish payment:created (4) under ${paying}`,
        `${completing} (5) under ${paying}`,
        `orders publish order:completed (4) under ${completing}`,
        `tickets process order:completed (5) under ${completing}`,
        `payments process order:completed (5) under ${completing}`,
        'tickets publish ticket:updated (4) under tickets process order:completed',
        'orders process ticket:updated (5) under tickets process order:completed',
      ].sort(),
    );
    expect(spans.find(({ name }) => name === 'process payment:created')?.attributes).toMatchObject({
      'messaging.system': 'nats_streaming',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'payment:created',
      'messaging.consumer.group.name': 'orders',
    });
  });
});

test('a purchase by a browser, which begins no trace, is one trace all the same: paying goes on in that of the order', async () => {
  const { id } = expectStatus(201, await seller.list('A concert', 19.99));
  const placed = await buyer.orderSoon(id);
  expectStatus(201, await buyer.paySoon(placed.id));
  const ofOrder = (line: LogLine): boolean => line.eventId?.startsWith(placed.id) ?? false;
  await eventually(async () => {
    const lines = (
      await Promise.all((['orders', 'payments', 'tickets'] as const).map((name) => system.log(name)))
    ).flat();
    const ids = new Set(lines.filter(ofOrder).map((line) => line.traceId));
    expect(ids.size).toBe(1);
    expect(lines.filter(ofOrder).map(({ channel }) => channel)).toContain('payment:created');
    const requests = lines.filter(({ msg, traceId: trace }) => msg === 'request' && ids.has(trace));
    expect(requests.map(({ url }) => url).sort()).toEqual(['/api/orders', '/api/payments']);
    const spans = collector.ofTrace([...ids][0] ?? '');
    expect(spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'POST /api/orders',
        'POST /api/payments',
        'process payment:created',
        'process order:completed',
      ]),
    );
  });
});
