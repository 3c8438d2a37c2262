// How much one person may hold unpaid, however many of their orders come at once and to whichever replica; and nobody buys from themselves.
import { createServer } from 'node:http';
import { openStatuses } from '@ticketing/common';
import { cookieFor, newId, refusalIn } from '@ticketing/common/testing';
import request from 'supertest';
import { ordersFrom, ordersSlice, orderState, type OrderView } from '../testing';

const maxOpenHolds = 5;
const { env, server, orders, connection, as, ticket, place, placed, pay, expire } = ordersSlice({
  MAX_OPEN_HOLDS: String(maxOpenHolds),
  EXPIRATION_SECONDS: '1',
});
const another = ordersFrom({ ...env, INSTANCE_ID: 'another' });
const anotherServer = createServer(another.app);
beforeAll(async () => {
  await another.start(['database']);
  await new Promise<void>((resolve) => anotherServer.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => anotherServer.close(resolve));
  await another.stop();
});

const refused = [400, 'orders.too_many_holds'];
const openOrdersOf = (userId: string) =>
  orders.model.countDocuments({ userId, status: { $in: openStatuses } });
const tickets = (count: number) => Promise.all(Array.from({ length: count }, () => ticket()));

test.each([1, 2, 3, 4, 5])(
  'of fifty orders at once for as many tickets, at two replicas, as many are taken as one person may hold, race %i',
  async () => {
    const buyer = newId();
    const wanted = await tickets(50);
    const answers = await Promise.all(
      wanted.map(({ id }, i) =>
        request(i % 2 ? server : anotherServer)
          .post('/api/orders')
          .set('Cookie', cookieFor(buyer))
          .send({ ticketId: id }),
      ),
    );
    const losers = answers.filter(({ status }) => status !== 201);
    for (const answer of losers) expect(refusalIn(answer)).toEqual(refused);
    expect(losers).toHaveLength(50 - maxOpenHolds);
    expect(await openOrdersOf(buyer)).toBe(maxOpenHolds);
    // What was refused is free for others.
    const left = wanted[answers.findIndex(({ status }) => status !== 201)];
    expect((await place(left?.id)).status).toBe(201);
  },
);

test.each<[string, (order: OrderView, buyer: string) => Promise<unknown>]>([
  ['paid', ({ id }) => pay(id)],
  ['cancelled', ({ id }, buyer) => as(buyer).delete(`/api/orders/${id}`)],
  [
    'expired',
    async ({ id, expiresAt }) => {
      await orders.model.updateOne(
        { _id: id },
        { $set: { expiresAt: new Date(Date.parse(expiresAt) - 2000) } },
      );
      await expire(id);
    },
  ],
])('an order that is %s makes room for another', async (_how, end) => {
  const buyer = newId();
  const held: OrderView[] = [];
  for (let i = 0; i < maxOpenHolds; i++) held.push(await placed(buyer));
  const { id } = await ticket();
  expect(refusalIn(await place(id, buyer))).toEqual(refused);
  await end(held[2] as OrderView, buyer);
  expect((await place(id, buyer)).status).toBe(201);
  expect(refusalIn(await place((await ticket()).id, buyer))).toEqual(refused);
});

test('orders and cancellations in a crowd never pass the limit, and leave room in the end', async () => {
  const buyer = newId();
  let most = 0;
  const shopper = async (): Promise<void> => {
    for (let i = 0; i < 8; i++) {
      const answer = await place((await ticket()).id, buyer);
      most = Math.max(most, await openOrdersOf(buyer));
      if (answer.status === 201) await as(buyer).delete(`/api/orders/${(answer.body as OrderView).id}`);
      else expect(refusalIn(answer)).toEqual(refused);
    }
  };
  await Promise.all(Array.from({ length: 10 }, shopper));
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(maxOpenHolds);
  expect(await openOrdersOf(buyer)).toBe(0);
});

test('orders from before there were places are no hindrance, and nobody else counts', async () => {
  const buyer = newId();
  const old = [1, 2, 3].map(() => orderState({ userId: buyer }));
  await connection.collection('orders').insertMany(old);
  await connection.collection('orders').updateMany({ userId: buyer }, { $unset: { place: '' } });
  for (let i = 0; i < maxOpenHolds; i++) await placed();
  for (let i = 0; i < maxOpenHolds; i++) await placed(buyer);
  expect(refusalIn(await place((await ticket()).id, buyer))).toEqual(refused);
});

test('a place is nobody’s business: no answer shows it, and no body sets it', async () => {
  const buyer = newId();
  const { id: ticketId } = await ticket();
  const sent = {
    ticketId,
    place: 77,
    userId: newId(),
    status: 'complete',
    price: 1,
    version: 9,
    expiresAt: 0,
  };
  const answer = await as(buyer).post('/api/orders').send(sent);
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({
    userId: buyer,
    status: 'created',
    version: 0,
    ticket: { price: 19.99 },
  });
  expect(answer.body).not.toHaveProperty('place');
  const stored = await orders.model.findOne({ userId: buyer }).lean();
  expect(stored?.place).toBeLessThan(maxOpenHolds);
  expect(Number(stored?.expiresAt)).toBeGreaterThan(Date.now());
});

test('a seller cannot order their own ticket, free or held', async () => {
  const seller = newId();
  const { id } = await ticket({ userId: seller });
  const own = [400, 'orders.own_ticket ticketId'];
  expect(refusalIn(await place(id, seller))).toEqual(own);
  expect(await orders.model.countDocuments({ 'ticket.id': id })).toBe(0);
  expect((await place(id)).status).toBe(201);
  expect(refusalIn(await place(id, seller))).toEqual(own);
});

describe('How often a person may try', () => {
  const limited = ordersSlice({ RATE_LIMITS: 'on' });

  test('is sixty times a minute, whether they succeed or not; reading is not counted', async () => {
    const buyer = newId();
    const { id } = await limited.ticket();
    const answers = await Promise.all(Array.from({ length: 70 }, () => limited.place(id, buyer)));
    const refusals = answers.filter(({ status }) => status === 429);
    expect(refusals).toHaveLength(10);
    for (const answer of refusals) {
      expect(refusalIn(answer)).toEqual([429, 'request.too_many']);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(50);
    }
    const reads = await Promise.all(Array.from({ length: 80 }, () => limited.as(buyer).get('/api/orders')));
    expect(reads.every(({ status }) => status === 200)).toBe(true);
    // Nobody else pays for it.
    expect(refusalIn(await limited.place(id))).toEqual([400, 'orders.ticket_already_reserved ticketId']);
  });

  test('a person holds ten unpaid tickets unless told otherwise', async () => {
    const buyer = newId();
    for (let i = 0; i < 10; i++) await limited.placed(buyer);
    expect(refusalIn(await limited.place((await limited.ticket()).id, buyer))).toEqual(refused);
  });
});
