// The same order sent again with its Idempotency-Key: one order, and the same answer.
import { newId, refusalIn } from '@ticketing/common/testing';
import { ordersSlice, type OrderView } from '../testing';
import { placeOrder } from './place-order';
import { newCause } from '@ticketing/common';

const { orders, tickets, ticket, as, place } = ordersSlice();
const again = (ticketId: string, buyer: string, key: string) =>
  place(ticketId, buyer).set('Idempotency-Key', key);
const ordersOf = (userId: string) => orders.model.countDocuments({ userId });

test('twenty copies of one request at once place one order, and whoever is answered is told of that one', async () => {
  const [{ id }, buyer, key] = [await ticket(), newId(), newId()];
  const answers = await Promise.all(Array.from({ length: 20 }, () => again(id, buyer, key)));
  const bodies = answers.filter(({ status }) => status === 201).map(({ body }) => body as OrderView);
  expect(new Set(bodies.map((body) => body.id)).size).toBe(1);
  expect(answers.map(({ status }) => status).filter((status) => status !== 201 && status !== 409)).toEqual(
    [],
  );
  const later = await again(id, buyer, key);
  expect([later.status, later.body, later.headers['idempotent-replayed']]).toEqual([201, bodies[0], 'true']);
  expect(await ordersOf(buyer)).toBe(1);
});

test('a refusal stays one, even when the ticket is free again; a new key asks anew', async () => {
  const [{ id }, buyer, key] = [await ticket(), newId(), newId()];
  const winner = newId();
  const { body } = await place(id, winner);
  const lost = [400, 'orders.ticket_already_reserved ticketId'];
  expect(refusalIn(await again(id, buyer, key))).toEqual(lost);
  await as(winner).delete(`/api/orders/${(body as OrderView).id}`);
  expect(refusalIn(await again(id, buyer, key))).toEqual(lost);
  expect((await again(id, buyer, newId())).status).toBe(201);
});

test('a ticket that orders has not heard of yet can be asked for again with the same key', async () => {
  const [buyer, key] = [newId(), newId()];
  const later = newId();
  expect(refusalIn(await again(later, buyer, key))).toEqual([404, 'orders.ticket_not_found ticketId']);
  await ticket({ id: later });
  expect((await again(later, buyer, key)).status).toBe(201);
});

test('whoever goes on after a crash finds the order that was placed, even if both are alive after all', async () => {
  const [{ id: ticketId }, userId] = [await ticket(), newId()];
  const deps = { orders, tickets, expirationSeconds: 60, maxOpenHolds: 10 };
  const id = newId();
  const placed = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      placeOrder(deps, { userId, ticketId, once: { id, isAgain: i > 0 } }, newCause()),
    ),
  );
  expect(new Set(placed.map(({ _id }) => String(_id)))).toEqual(new Set([id]));
  expect(await ordersOf(userId)).toBe(1);
});
