// Buyers race for a ticket, on three replicas of the service over one database: one gets it.
import { createServer } from 'node:http';
import { liveStatuses } from '@ticketing/common';
import { cookieFor, newId, refusalIn } from '@ticketing/common/testing';
import request from 'supertest';
import { ordersFrom, ordersSlice, type OrderView } from '../testing';

const { env, server, orders, connection, ticket } = ordersSlice();

const others = [1, 2].map((i) => ordersFrom({ ...env, INSTANCE_ID: `another-${i}` }));
// Servers that stay: supertest opens another for each request to a bare app, and a crowd of those can lose one.
const otherServers = others.map(({ app }) => createServer(app));
beforeAll(async () => {
  await Promise.all(others.map((service) => service.start(['database'])));
  for (const other of otherServers)
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  for (const other of otherServers) await new Promise((resolve) => other.close(resolve));
  await Promise.all(others.map((service) => service.stop()));
});

/** A request to one of the three replicas. */
const replicas = [server, ...otherServers];
const at = (replica: number) => request(replicas[replica % replicas.length] ?? server);

const order = (replica: number, ticketId: string, buyer = newId()) =>
  at(replica).post('/api/orders').set('Cookie', cookieFor(buyer)).send({ ticketId });

const liveOrdersOf = (ticketId: string) =>
  orders.model.countDocuments({ 'ticket.id': ticketId, status: { $in: liveStatuses } });

test.each(Array.from({ length: 10 }, (_, i) => i + 1))(
  'of 50 buyers one gets the ticket, race %i',
  async () => {
    const { id } = await ticket();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => order(i, id)));
    const winners = answers.filter(({ status }) => status === 201);
    expect(winners).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status !== 201)
        expect(refusalIn(answer)).toEqual([400, 'orders.ticket_already_reserved ticketId']);
    }
    const stored = await orders.model.find({ 'ticket.id': id }).lean();
    expect(stored).toMatchObject([{ sequence: 1, status: 'created' }]);
    expect(String(stored[0]?._id)).toBe((winners[0]?.body as OrderView).id);
  },
);

test('a buyer who clicks twice, at two replicas, has one order', async () => {
  const { id } = await ticket();
  const buyer = newId();
  const answers = await Promise.all([order(0, id, buyer), order(1, id, buyer)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 400]);
  expect(await liveOrdersOf(id)).toBe(1);
});

test('buyers who order and cancel over and over never hold a ticket together, and number its orders without a gap', async () => {
  const { id } = await ticket();
  const cycles = 25;
  let holders = 0;
  let most = 0;
  let placed = 0;
  const buyer = async (replica: number): Promise<void> => {
    while (placed < cycles) {
      const buyerId = newId();
      const answer = await order(replica, id, buyerId);
      if (answer.status !== 201) {
        expect(refusalIn(answer)).toEqual([400, 'orders.ticket_already_reserved ticketId']);
        continue;
      }
      // From the answer on it is this buyer's, until they ask to cancel.
      most = Math.max(most, ++holders);
      const asBuyer = request.agent(replicas[(replica + 1) % 3] ?? server).set('Cookie', cookieFor(buyerId));
      const path = `/api/orders/${(answer.body as OrderView).id}`;
      expect((await asBuyer.get(path)).body).toMatchObject({ status: 'created', userId: buyerId });
      expect(await liveOrdersOf(id)).toBe(1);
      holders--;
      placed++;
      expect((await asBuyer.delete(path)).status).toBe(204);
    }
  };
  await Promise.all(Array.from({ length: 5 }, (_, i) => buyer(i)));
  expect(most).toBe(1);
  const all = await connection.collection('orders').find({ 'ticket.id': id }).sort({ sequence: 1 }).toArray();
  expect(all.map(({ sequence }) => sequence as number)).toEqual(all.map((_, i) => i + 1));
  expect(all.length).toBeGreaterThanOrEqual(cycles);
  expect(new Set(all.map(({ status }) => status as string))).toEqual(new Set(['cancelled']));
  expect(all.every(({ event }) => (event as { type: string }).type === 'order:cancelled')).toBe(true);
});
