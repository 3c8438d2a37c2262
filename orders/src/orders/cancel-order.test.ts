// Cancelling an order: by its buyer, while it is not paid, once.
import { newCause, OrderCancelled, OrderCompleted, type CloudEvent, type OrderData } from '@ticketing/common';
import { newId, refusalIn } from '@ticketing/common/testing';
import request from 'supertest';
import { ordersSlice, type OrderView } from '../testing';
import { cancelOverdue } from './cancel-overdue';
import { expire as expireRule } from './cancel-order';

const { server, orders, as, placed, place, stored, raw, pay, fill, expire, eventOf } = ordersSlice();

const cancel = (buyer: string, id: string) => as(buyer).delete(`/api/orders/${id}`);

test('a buyer cancels an order, and its ticket can be ordered again', async () => {
  const buyer = newId();
  const order = await placed(buyer);
  const answer = await cancel(buyer, order.id);
  expect([answer.status, answer.text]).toEqual([204, '']);
  expect(await stored(order.id)).toMatchObject({ status: 'cancelled', version: 1 });
  expect(await eventOf(order.id, OrderCancelled)).toMatchObject({
    id: `${order.id}.1`,
    data: { id: order.id, version: 1, status: 'cancelled', sequence: 1, ticket: { id: order.ticket.id } },
  });
  expect((await place(order.ticket.id)).status).toBe(201);
});

test('a cancelled order says why and when, in answers and in its event, and goes on saying so', async () => {
  const buyer = newId();
  const past = new Date(Date.now() - 10_000);
  const [late = '', later = ''] = await fill([
    { userId: buyer, expiresAt: past },
    { userId: buyer, expiresAt: past },
  ]);
  const { id: unwanted } = await placed(buyer);
  const before = Date.now();
  await expire(late);
  await cancelOverdue(orders);
  await cancel(buyer, unwanted);
  // Whoever comes second has no say in it.
  await cancel(buyer, late);
  await expire(unwanted);
  for (const [id, cancelReason] of [
    [late, 'expired'],
    [later, 'expired'],
    [unwanted, 'cancelled'],
  ] as const) {
    const { body } = (await as(buyer).get(`/api/orders/${id}`)) as { body: OrderView };
    expect(body).toMatchObject({ status: 'cancelled', cancelReason, version: 1 });
    expect(Date.parse(body.cancelledAt ?? '')).toBeGreaterThanOrEqual(before);
    const { cancelledAt } = body;
    expect((await eventOf(id, OrderCancelled)).data).toMatchObject({ cancelReason, cancelledAt });
  }
});

test('an order that an earlier release cancelled says neither, and one that is open neither', async () => {
  const buyer = newId();
  const [old = ''] = await fill([{ userId: buyer, status: 'cancelled' }]);
  const open = await placed(buyer);
  for (const id of [old, open.id]) {
    const { body } = await as(buyer).get(`/api/orders/${id}`);
    expect(body).not.toHaveProperty('cancelReason');
    expect(body).not.toHaveProperty('cancelledAt');
  }
});

test('an order whose payment has begun can be cancelled too', async () => {
  const userId = newId();
  const [id = ''] = await fill([{ userId, status: 'awaiting:payment' }]);
  expect((await cancel(userId, id)).status).toBe(204);
  expect((await stored(id)).status).toBe('cancelled');
});

test('cancelling again is answered the same and changes nothing: no version, no second event', async () => {
  const buyer = newId();
  const { id } = await placed(buyer);
  await cancel(buyer, id);
  const before = await raw(id);
  expect((await cancel(buyer, id)).status).toBe(204);
  expect(await raw(id)).toEqual(before);
});

test('an order cancelled by twenty clicks at once is cancelled once', async () => {
  const buyer = newId();
  const { id } = await placed(buyer);
  const answers = await Promise.all(Array.from({ length: 20 }, () => cancel(buyer, id)));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 204));
  expect(await stored(id)).toMatchObject({ status: 'cancelled', version: 1 });
});

test('a paid order is not cancelled', async () => {
  const buyer = newId();
  const { id } = await placed(buyer);
  await pay(id);
  const before = await raw(id);
  expect(refusalIn(await cancel(buyer, id))).toEqual([400, 'orders.already_complete']);
  expect(await raw(id)).toEqual(before);
});

test('nobody cancels what another ordered, open, cancelled or paid', async () => {
  const buyer = newId();
  const [open, cancelled, paid] = [await placed(buyer), await placed(buyer), await placed(buyer)];
  await cancel(buyer, cancelled.id);
  await pay(paid.id);
  for (const { id } of [open, cancelled, paid]) {
    const before = await raw(id);
    expect(refusalIn(await cancel(newId(), id))).toEqual([401, 'orders.not_the_buyer']);
    expect(refusalIn(await request(server).delete(`/api/orders/${id}`))).toEqual([
      401,
      'session.not_signed_in',
    ]);
    expect(await raw(id)).toEqual(before);
  }
});

test.each([newId(), 'nonsense', 'a'.repeat(23), 'z'.repeat(24)])(
  'there is no order %s to cancel',
  async (id) => {
    expect(refusalIn(await cancel(newId(), id))).toEqual([404, 'orders.not_found']);
  },
);

test('a cancellation that crosses a payment: the order ends complete or cancelled, never both, 120 times', async () => {
  const userId = newId();
  const race = async (id: string, isCancelFirst: boolean): Promise<string> => {
    // Both are sent before either is awaited; supertest sends when it is asked for its answer.
    const cancels = async () => await cancel(userId, id);
    const pays = () => pay(id);
    const [answer] = isCancelFirst
      ? await Promise.all([cancels(), pays()])
      : await Promise.all([pays(), cancels()]).then(([, cancelled]) => [cancelled]);
    const { status, version } = await stored(id);
    expect(version).toBe(1);
    if (status === 'complete') {
      expect(refusalIn(answer)).toEqual([400, 'orders.already_complete']);
      expect((await eventOf(id, OrderCompleted)).data).toMatchObject({ id, status, version });
    } else {
      expect([answer.status, status]).toEqual([204, 'cancelled']);
      expect((await eventOf(id, OrderCancelled)).data).toMatchObject({ id, status, version });
    }
    return status;
  };
  const ids = await fill(Array.from({ length: 120 }, () => ({ userId })));
  const ends: string[] = [];
  while (ids.length > 0) {
    ends.push(...(await Promise.all(ids.splice(0, 10).map((id, i) => race(id, i % 2 === 0)))));
  }
  expect(ends).toHaveLength(120);
});

test('two writers that cross at the very same version: one wins, whichever it is, 100 times', async () => {
  const ids = await fill(Array.from({ length: 100 }, () => ({})));
  const ends = await Promise.all(
    ids.map(async (id, i) => {
      // Straight to the rule, without HTTP before it, so that both do load the same version.
      const writers = [() => pay(id), () => orders.change(id, expireRule, newCause())];
      if (i % 2) writers.reverse();
      await Promise.all(writers.map((write) => write()));
      const document = await raw(id);
      const event = document?.['event'] as CloudEvent<OrderData>;
      expect(document).toMatchObject({ version: 1, status: event.data.status });
      expect(event.type).toBe(event.data.status === 'complete' ? 'order:completed' : 'order:cancelled');
      return event.data.status;
    }),
  );
  // A race that always ends the same is none.
  expect(new Set(ends)).toEqual(new Set(['complete', 'cancelled']));
});
