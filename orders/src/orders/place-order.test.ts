// Placing an order: at the door, in the database, and in the event that is stored with it.
import { OrderCreated } from '@ticketing/common';
import { newId, refusalIn, ticketData } from '@ticketing/common/testing';
import request from 'supertest';
import { ordersSlice, type OrderView } from '../testing';
import { copyTicket } from '../tickets/copy-ticket';

const { server, orders, tickets, as, ticket, place, placed, stored, pay, eventOf } = ordersSlice({
  EXPIRATION_SECONDS: '90',
});

test('a signed-in person orders a ticket, which is held for them until it expires', async () => {
  const { id: ticketId } = await ticket({ title: 'A play', priceInCents: 2550 });
  const userId = newId();
  const before = Date.now();
  const answer = await place(ticketId, userId);
  const after = Date.now();
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{24}$/),
    status: 'created',
    expiresAt: expect.any(String),
    userId,
    version: 0,
    createdAt: expect.any(String),
    ticket: { id: ticketId, title: 'A play', price: 25.5 },
  });
  expect(Date.parse((answer.body as OrderView).createdAt)).toBeGreaterThanOrEqual(before);
  const { id, expiresAt } = answer.body as OrderView;
  expect(new Date(expiresAt).toISOString()).toBe(expiresAt);
  expect(Date.parse(expiresAt)).toBeGreaterThanOrEqual(before + 90_000);
  expect(Date.parse(expiresAt)).toBeLessThanOrEqual(after + 90_000);
  expect(await stored(id)).toMatchObject({
    userId,
    status: 'created',
    version: 0,
    sequence: 1,
    expiresAt: new Date(expiresAt),
    ticket: { id: ticketId, title: 'A play', priceInCents: 2550 },
  });
});

test('an order carries the event that announces it, with its whole state and the trace of the request', async () => {
  const { id: ticketId } = await ticket();
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const { body } = await place(ticketId).set('traceparent', traceparent);
  const { id, userId, expiresAt } = body as OrderView;
  expect(await eventOf(id, OrderCreated)).toMatchObject({
    id: `${id}.0`,
    source: '/orders',
    type: 'order:created',
    subject: id,
    traceparent,
    data: {
      id,
      version: 0,
      status: 'created',
      userId,
      expiresAt,
      sequence: 1,
      ticket: { id: ticketId, title: 'A concert', priceInCents: 1999 },
    },
  });
});

test('the price is the one ordered at, whatever becomes of the ticket', async () => {
  const listed = await ticket({ priceInCents: 1999 });
  const buyer = newId();
  const order = await placed(buyer, listed.id);
  await copyTicket({ ...listed, version: 1, title: 'Renamed', priceInCents: 99_900 }, tickets);
  expect((await as(buyer).get(`/api/orders/${order.id}`)).body).toEqual(order);
  expect((await as(buyer).get('/api/orders')).body).toEqual([order]);
  // Whoever orders next pays the new one.
  await as(buyer).delete(`/api/orders/${order.id}`);
  expect((await placed(newId(), listed.id)).ticket).toEqual({ id: listed.id, title: 'Renamed', price: 999 });
});

test('whoever is not signed in orders nothing', async () => {
  const { id: ticketId } = await ticket();
  const answer = await request(server).post('/api/orders').send({ ticketId });
  expect(refusalIn(answer)).toEqual([401, 'session.not_signed_in']);
  expect(await orders.model.countDocuments({ 'ticket.id': ticketId })).toBe(0);
});

test.each([
  undefined,
  null,
  '',
  'nonsense',
  7,
  true,
  { $gt: '' },
  [],
  [newId()],
  'z'.repeat(24),
  'a'.repeat(25),
])('the ticket id %j is refused', async (ticketId) => {
  expect(refusalIn(await place(ticketId))).toEqual([400, 'request.invalid ticketId']);
});

test.each([[], undefined, '{', 'null'])('a body of %j is refused', async (body) => {
  const answer = await as(newId()).post('/api/orders').set('Content-Type', 'application/json').send(body);
  expect(answer.status).toBe(400);
  expect(refusalIn(answer)[1]).toMatch(/^request\.(invalid ticketId|malformed_json)$/);
});

test('a ticket nobody has heard of cannot be ordered', async () => {
  expect(refusalIn(await place(newId()))).toEqual([404, 'orders.ticket_not_found ticketId']);
});

test('a ticket that somebody has is refused, to its buyer too', async () => {
  const buyer = newId();
  const { ticket: held } = await placed(buyer);
  const refused = [400, 'orders.ticket_already_reserved ticketId'];
  expect(refusalIn(await place(held.id))).toEqual(refused);
  expect(refusalIn(await place(held.id, buyer))).toEqual(refused);
  expect(await orders.model.countDocuments({ 'ticket.id': held.id })).toBe(1);
});

test('a sold ticket is refused', async () => {
  const { id, ticket: sold } = await placed();
  await pay(id);
  expect(refusalIn(await place(sold.id))).toEqual([400, 'orders.ticket_already_reserved ticketId']);
});

test('the same ticket cannot be bought twice by writing its id in another case', async () => {
  const { id } = await ticket({ id: 'abcdef'.padEnd(24, newId()).slice(0, 24) });
  const answers = await Promise.all([
    place(id),
    place(id.toUpperCase()),
    place(`${id.slice(0, 3).toUpperCase()}${id.slice(3)}`),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400]);
  expect(await orders.model.countDocuments({ 'ticket.id': { $regex: `^${id}$`, $options: 'i' } })).toBe(1);
  const winner = answers.find(({ status }) => status === 201)?.body as OrderView;
  expect(winner.ticket.id).toBe(id);
  expect((await eventOf(winner.id, OrderCreated)).data.ticket.id).toBe(id);
});

test('what tickets says about who has a ticket does not decide: orders knows better', async () => {
  const { id } = await ticket(ticketData({ orderId: newId() }));
  expect((await place(id)).status).toBe(201);
});

test('a body decides nothing but which ticket', async () => {
  const { id: ticketId } = await ticket();
  const userId = newId();
  const forged = { userId: newId(), price: 1, priceInCents: 1, status: 'complete', version: 5, sequence: 9 };
  const answer = await as(userId)
    .post('/api/orders')
    .send({ ticketId, expiresAt: '2100-01-01', ...forged });
  const { id } = answer.body as OrderView;
  expect(await stored(id)).toMatchObject({ userId, status: 'created', version: 0, sequence: 1 });
  expect((await stored(id)).ticket.priceInCents).toBe(1999);
  expect((await stored(id)).expiresAt.getTime()).toBeLessThan(Date.now() + 91_000);
});

test('a ticket that came free is ordered again, and its orders are numbered from 1', async () => {
  const { id: ticketId } = await ticket();
  for (const sequence of [1, 2, 3]) {
    const buyer = newId();
    const order = await placed(buyer, ticketId);
    expect((await stored(order.id)).sequence).toBe(sequence);
    expect((await eventOf(order.id, OrderCreated)).data.sequence).toBe(sequence);
    expect((await as(buyer).delete(`/api/orders/${order.id}`)).status).toBe(204);
  }
});
