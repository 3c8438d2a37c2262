// Orders at a real broker: what it announces, and what it makes of others' events however they come.
import { OrderCancelled, OrderCompleted, OrderCreated } from '@ticketing/common';
import {
  cookieFor,
  eventually,
  newId,
  outcomesAt,
  TestServer,
  threeTimesShuffled,
  ticketData,
  WireTap,
} from '@ticketing/common/testing';
import request from 'supertest';
import { graceMs } from '../src/orders/cancel-overdue';
import {
  createdTicket,
  expirationOf,
  ordersEnv,
  ordersFrom,
  paymentOf,
  type OrderView,
  updatedTicket,
} from '../src/testing';

let broker: TestServer;
let tap: WireTap;
let service: ReturnType<typeof ordersFrom>;

beforeAll(async () => {
  broker = await TestServer.broker();
  service = ordersFrom(ordersEnv(broker.port, { EXPIRATION_SECONDS: '1' }));
  await service.start();
  tap = await new WireTap(
    broker.port,
    [OrderCreated, OrderCompleted, OrderCancelled].map(({ type }) => type),
  ).start();
});
afterAll(async () => {
  await tap.stop();
  await service.stop();
  await broker.stop();
});

const buyer = newId();
const place = (ticketId: string) =>
  request(service.app).post('/api/orders').set('Cookie', cookieFor(buyer)).send({ ticketId });
const get = async (id: string) =>
  (await request(service.app).get(`/api/orders/${id}`).set('Cookie', cookieFor(buyer))).body as OrderView;
/** What was announced of an order, by version (channels overtake each other), repeats left out. */
const heardOf = (id: string) => {
  const events = tap.heard.filter(({ subject }) => subject === id);
  return [...new Map(events.map((event) => [Number(event.data['version']), event]))]
    .sort(([a], [b]) => a - b)
    .map(([, event]) => event);
};

/** Says all of these and waits until the service has handled them. */
async function deliver(events: Parameters<WireTap['say']>[0][]): Promise<void> {
  const { handled = 0 } = await outcomesAt(service);
  for (const event of events) await tap.say(event);
  await eventually(async () => {
    expect((await outcomesAt(service))['handled']).toBeGreaterThanOrEqual(handled + events.length);
  }, 30_000);
}

test('tickets’ events, each three times and shuffled, leave the newest state of every ticket to be ordered', async () => {
  const tickets = Array.from({ length: 20 }, () => ticketData());
  await deliver(
    threeTimesShuffled(
      tickets.flatMap((ticket) => [
        createdTicket(ticket),
        ...[1, 2, 3, 4].map((version) =>
          updatedTicket({ ...ticket, version, title: `Title ${version}`, priceInCents: 100 * version }),
        ),
      ]),
    ),
  );
  for (const { id } of tickets) {
    const answer = await place(id);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ ticket: { id, title: 'Title 4', price: 4 } });
  }
});

test('payments and expiries, each three times and shuffled, end every order once, and that is what is announced', async () => {
  const tickets = Array.from({ length: 30 }, () => ticketData());
  await deliver(tickets.map(createdTicket));
  const orders = await Promise.all(tickets.map(async ({ id }) => (await place(id)).body as OrderView));
  const isPaid = (i: number) => i % 3 !== 0;
  const isExpired = (i: number) => i % 3 !== 1;
  await deliver(
    threeTimesShuffled(
      orders.flatMap(({ id }, i) => [
        ...(isPaid(i) ? [paymentOf(id)] : []),
        // Some come a second early: the time is not yet up.
        ...(isExpired(i) ? [expirationOf(id)] : []),
      ]),
    ),
  );
  for (const [i, { id, expiresAt }] of orders.entries()) {
    const { status, version } = await get(id);
    expect(version).toBe(1);
    await eventually(() => {
      expect(heardOf(id)).toMatchObject([
        { type: 'order:created', data: { id, version: 0, status: 'created' } },
        {
          type: status === 'complete' ? 'order:completed' : 'order:cancelled',
          data: { id, version: 1, status },
        },
      ]);
    });
    if (status === 'complete') expect(isPaid(i)).toBe(true);
    // Never before its time; and where no expiry was announced, only by the service's own look, a grace later.
    else {
      const time = Date.parse(expiresAt) + (isExpired(i) ? 0 : graceMs);
      expect(status).toBe('cancelled');
      expect(Date.parse(String(heardOf(id)[1]?.time))).toBeGreaterThanOrEqual(time);
    }
  }
});

test('an order whose expiry nobody announces is cancelled by the service itself, a grace after its time', async () => {
  const ticket = ticketData();
  await deliver([createdTicket(ticket)]);
  const { id, expiresAt } = (await place(ticket.id)).body as OrderView;
  await eventually(async () => {
    expect(await get(id)).toMatchObject({ status: 'cancelled', version: 1 });
  }, 20_000);
  await eventually(() => {
    expect(heardOf(id).at(-1)).toMatchObject({ type: 'order:cancelled' });
  });
  expect(Date.parse(String(heardOf(id).at(-1)?.time))).toBeGreaterThanOrEqual(
    Date.parse(expiresAt) + graceMs,
  );
  expect((await place(ticket.id)).status).toBe(201);
});
