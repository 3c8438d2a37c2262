// Tickets at a real broker: what it announces, and what it makes of orders' events however they come.
import { TicketCreated, TicketUpdated } from '@ticketing/common';
import {
  cookieFor,
  eventually,
  newId,
  outcomesAt,
  TestServer,
  threeTimesShuffled,
  WireTap,
} from '@ticketing/common/testing';
import request from 'supertest';
import { orderOf, ticketsEnv, ticketsFrom, type TicketView } from '../src/testing';

let broker: TestServer;
let tap: WireTap;
let service: ReturnType<typeof ticketsFrom>;

beforeAll(async () => {
  broker = await TestServer.broker();
  service = ticketsFrom(ticketsEnv(broker.port));
  await service.start();
  tap = await new WireTap(broker.port, [TicketCreated.type, TicketUpdated.type]).start();
});
afterAll(async () => {
  await tap.stop();
  await service.stop();
  await broker.stop();
});

const seller = newId();
const list = async (): Promise<TicketView> => {
  const answer = await request(service.app)
    .post('/api/tickets')
    .set('Cookie', cookieFor(seller))
    .send({ title: 'A concert', price: 19.99 });
  expect(answer.status).toBe(201);
  return answer.body as TicketView;
};
const get = async (id: string) => (await request(service.app).get(`/api/tickets/${id}`)).body as TicketView;
/** What was announced of a ticket, by version (channels overtake each other), repeats left out. */
const heardOf = (id: string) => {
  const events = tap.heard.filter(({ subject }) => subject === id);
  return [...new Map(events.map((event) => [Number(event.data['version']), event]))]
    .sort(([a], [b]) => a - b)
    .map(([, event]) => event);
};

test('every change of a ticket is announced', async () => {
  const { id } = await list();
  await request(service.app)
    .put(`/api/tickets/${id}`)
    .set('Cookie', cookieFor(seller))
    .send({ title: 'Edited', price: 20 });
  await eventually(() => {
    expect(heardOf(id)).toHaveLength(2);
  });
  expect(heardOf(id)).toMatchObject([
    { type: 'ticket:created', id: `${id}.0`, data: { version: 0, title: 'A concert', priceInCents: 1999 } },
    { type: 'ticket:updated', id: `${id}.1`, data: { version: 1, title: 'Edited', priceInCents: 2000 } },
  ]);
});

test('orders’ events, each three times and shuffled, leave every ticket with its last order, and say so', async () => {
  const listed = await Promise.all(Array.from({ length: 20 }, list));
  // Two orders that were cancelled, and one that is, by turns, open, paid or cancelled as well.
  const stories = listed.map(({ id }, i) => {
    const [first, second, third] = [orderOf(id, 1), orderOf(id, 2), orderOf(id, 3)];
    const endings = [[], [third.completed], [third.cancelled]];
    return {
      id,
      events: [
        first.created,
        first.cancelled,
        second.created,
        second.cancelled,
        third.created,
        ...(endings[i % 3] ?? []),
      ],
      orderId: i % 3 === 2 ? undefined : third.id,
      isSold: i % 3 === 1,
    };
  });
  const deliveries = threeTimesShuffled(stories.flatMap(({ events }) => events));
  for (const event of deliveries) await tap.say(event);
  await eventually(async () => {
    expect((await outcomesAt(service))['handled']).toBeGreaterThanOrEqual(deliveries.length);
  });

  for (const { id, orderId, isSold } of stories) {
    const ticket = await get(id);
    expect(ticket.orderId).toBe(orderId);
    expect(ticket.soldAt !== undefined).toBe(isSold);
  }
  await eventually(async () => {
    for (const { id, orderId } of stories) {
      const { version } = await get(id);
      expect(heardOf(id).at(-1)?.data).toMatchObject({ version, orderId: orderId ?? null });
      expect(version).toBeLessThanOrEqual(6);
    }
  });
});
