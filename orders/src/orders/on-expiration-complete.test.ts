// An order's time is up: for an open one, an ended one, one nobody knows, and by a clock that runs ahead of ours.
import { OrderCancelled } from '@ticketing/common';
import { newId } from '@ticketing/common/testing';
import { Types } from 'mongoose';
import { expirationOf, orderState, ordersSlice } from '../testing';
import { onExpirationComplete } from './on-expiration-complete';
import type { Order } from './order';

const { orders, as, fill, place, pay, expire, stored, raw, eventOf } = ordersSlice();

const past = () => new Date(Date.now() - 1);

test.each(['created', 'awaiting:payment'] as const)(
  'an order that is %s is cancelled, and says so',
  async (status) => {
    const [id = ''] = await fill([{ status, expiresAt: past() }]);
    const expiration = expirationOf(id);
    await onExpirationComplete(orders)(expiration);
    expect(await stored(id)).toMatchObject({ status: 'cancelled', version: 1 });
    const event = await eventOf(id, OrderCancelled);
    expect(event).toMatchObject({ id: `${id}.1`, data: { id, version: 1, status: 'cancelled' } });
    expect(event.traceparent).toBe(expiration.traceparent);
  },
);

test.each(['complete', 'cancelled'] as const)('an order that is %s stays so', async (status) => {
  const [id = ''] = await fill([{ status, expiresAt: past() }]);
  const before = await raw(id);
  await expire(id);
  expect(await raw(id)).toEqual(before);
});

test('what comes twice, or twice at once, changes nothing more', async () => {
  const [id = ''] = await fill([{ expiresAt: past() }]);
  await Promise.all([expire(id), expire(id)]);
  const before = await raw(id);
  expect(before).toMatchObject({ status: 'cancelled', version: 1 });
  await expire(id);
  expect(await raw(id)).toEqual(before);
});

test("an earlier order's late expiry does not touch the ticket's later order", async () => {
  const ticketId = newId();
  const [first = '', second = ''] = await fill([
    {
      status: 'cancelled',
      expiresAt: past(),
      sequence: 1,
      ticket: { id: ticketId, title: 'A', priceInCents: 1 },
    },
    { sequence: 2, ticket: { id: ticketId, title: 'A', priceInCents: 1 } },
  ]);
  await expire(first);
  expect(await stored(second)).toMatchObject({ status: 'created', version: 0 });
  expect((await place(ticketId)).status).toBe(404);
});

test('the expiry of an order nobody knows makes none, and is no error', async () => {
  const unknown = newId();
  await expire(unknown);
  expect(await orders.find(unknown)).toBeUndefined();
});

test('an expiry that comes early, by a clock ahead of ours, is waited for, and never done early', async () => {
  const expiresAt = new Date(Date.now() + 300);
  const [id = ''] = await fill([{ expiresAt }]);
  await expire(id);
  expect(await stored(id)).toMatchObject({ status: 'cancelled', version: 1 });
  expect(Date.parse((await eventOf(id, OrderCancelled)).time)).toBeGreaterThanOrEqual(expiresAt.getTime());
});

test('however little too early it comes, the order is cancelled once its time is up', async () => {
  const open = new Map<string, Order>();
  const cancelled = new Set<string>();
  // In memory: the time that a database takes would hide a timer that fires a moment before its time.
  const decideOn = (id: string, decide: (order: Order) => unknown) => {
    const order = open.get(id);
    if (order && decide(order)) cancelled.add(id);
    return order;
  };
  const changing = [
    jest.spyOn(orders, 'change').mockImplementation((id, decide) => Promise.resolve(decideOn(id, decide))),
    jest.spyOn(orders, 'changeMany').mockImplementation((causes, decide) => {
      for (const id of causes.keys()) decideOn(id, decide);
      return Promise.resolve(new Map());
    }),
  ];
  // Round after round, since it depends on where in its millisecond each begins.
  for (let round = 0; round < 50; round++) {
    const ids = Array.from({ length: 10 }, newId);
    for (const [i, id] of ids.entries())
      open.set(id, orderState({ _id: new Types.ObjectId(id), expiresAt: new Date(Date.now() + 1 + i) }));
    await Promise.all(ids.map(expire));
  }
  for (const spy of changing) spy.mockRestore();
  expect(cancelled.size).toBe(open.size);
});

test('an expiry that comes earlier than any clock is wrong is not believed', async () => {
  const [id = ''] = await fill([{ expiresAt: new Date(Date.now() + 30_000) }]);
  const before = await raw(id);
  await expire(id);
  expect(await raw(id)).toEqual(before);
});

test('an order that is paid or cancelled while its early expiry waits stays so', async () => {
  const userId = newId();
  const [paid = '', cancelled = ''] = await fill(
    [1, 2].map(() => ({ userId, expiresAt: new Date(Date.now() + 400) })),
  );
  const waiting = [expire(paid), expire(cancelled)];
  await Promise.all([pay(paid), as(userId).delete(`/api/orders/${cancelled}`)]);
  await Promise.all(waiting);
  expect(await stored(paid)).toMatchObject({ status: 'complete', version: 1 });
  expect(await stored(cancelled)).toMatchObject({ status: 'cancelled', version: 1 });
});

test('an expiry that crosses a payment: the order ends complete or cancelled, never both, 100 times', async () => {
  const ids = await fill(Array.from({ length: 100 }, () => ({ expiresAt: past() })));
  const ends = new Set<unknown>();
  // One race after the other: together, the expiries would be one batch, and always the slower.
  for (const [i, id] of ids.entries()) {
    const writers = i % 2 ? [expire, pay] : [pay, expire];
    await Promise.all(writers.map((write) => write(id)));
    const document = await raw(id);
    expect(document).toMatchObject({
      version: 1,
      event: { data: { status: document?.['status'] as string } },
    });
    ends.add(document?.['status']);
  }
  expect(ends).toEqual(new Set(['complete', 'cancelled']));
});

test('a crowd that expires together is cancelled to the last, and only what is due', async () => {
  const due = await fill(Array.from({ length: 300 }, () => ({ expiresAt: past() })));
  const [paid = ''] = await fill([{ status: 'complete', expiresAt: past() }]);
  await Promise.all([...due, paid, ...due.slice(0, 50), newId()].map(expire));
  const statuses = await Promise.all(due.map(async (id) => (await stored(id)).status));
  expect(new Set(statuses)).toEqual(new Set(['cancelled']));
  expect(await stored(paid)).toMatchObject({ status: 'complete', version: 0 });
});
