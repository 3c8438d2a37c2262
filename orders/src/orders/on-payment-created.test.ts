// A payment arrives: once, twice, for a cancelled order, for one nobody knows.
import { OrderCompleted } from '@ticketing/common';
import { newId } from '@ticketing/common/testing';
import { ordersSlice, paymentOf } from '../testing';
import { onPaymentCreated } from './on-payment-created';

const { orders, as, placed, fill, pay, expire, stored, raw, eventOf } = ordersSlice();

test('a paid order is complete, and says so', async () => {
  const { id } = await placed();
  const payment = paymentOf(id);
  await onPaymentCreated(payment, orders);
  expect(await stored(id)).toMatchObject({ status: 'complete', version: 1 });
  const event = await eventOf(id, OrderCompleted);
  expect(event).toMatchObject({ id: `${id}.1`, data: { id, version: 1, status: 'complete', sequence: 1 } });
  expect(event.traceparent).toBe(payment.traceparent);
});

test('an order whose payment had begun is complete', async () => {
  const [id = ''] = await fill([{ status: 'awaiting:payment' }]);
  await pay(id);
  expect((await stored(id)).status).toBe('complete');
});

test('a payment that comes twice, or twice at once, changes nothing more', async () => {
  const { id } = await placed();
  await Promise.all([pay(id), pay(id), pay(id)]);
  const before = await raw(id);
  expect(before).toMatchObject({ status: 'complete', version: 1 });
  await pay(id);
  expect(await raw(id)).toEqual(before);
});

test('a payment of a cancelled order leaves it cancelled: payments hears of that and pays back', async () => {
  const buyer = newId();
  const { id } = await placed(buyer);
  await as(buyer).delete(`/api/orders/${id}`);
  const before = await raw(id);
  await pay(id);
  expect(await raw(id)).toEqual(before);
});

test('a payment after the time was up, but before it was noticed, completes the order', async () => {
  const [id = ''] = await fill([{ expiresAt: new Date(Date.now() - 1000) }]);
  await pay(id);
  await expire(id);
  expect(await stored(id)).toMatchObject({ status: 'complete', version: 1 });
});

test('a payment of an order nobody knows makes none, and is no error', async () => {
  const unknown = newId();
  await pay(unknown);
  expect(await orders.find(unknown)).toBeUndefined();
});
