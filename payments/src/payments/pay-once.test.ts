// The same payment sent again with its Idempotency-Key: one charge, and the same answer, wherever the first try broke off.
import { cookieFor, newId, refusalIn } from '@ticketing/common/testing';
import { newCause } from '@ticketing/common';
import { PaymentsUnderTest } from '../../test/support/payments-under-test';
import { payOnce } from './pay-once';

let payments: PaymentsUnderTest;
beforeAll(async () => {
  payments = await PaymentsUnderTest.start({ instances: 2 });
});
afterAll(() => payments.stop());

test('of twenty copies at once, at two instances, one charges, and who is answered is told so', async () => {
  const [order, key] = [await payments.place(), newId()];
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => payments.pay(order, { by: i % 2 }).set('Idempotency-Key', key)),
  );
  expect(answers.map(({ status }) => status).filter((status) => status !== 201 && status !== 409)).toEqual(
    [],
  );
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
  const later = await payments.pay(order, { by: 1 }).set('Idempotency-Key', key);
  expect([later.status, later.body]).toEqual([201, { id: order.id }]);
  expect(later.headers['idempotent-replayed']).toBe('true');
  expect(refusalIn(await payments.pay(order))).toEqual([400, 'payments.already_paid']);
});

test('a declined card stays declined under its key; another card needs another key', async () => {
  const [order, key] = [await payments.place(), newId()];
  const declined = { token: 'tok_chargeDeclined' };
  for (let i = 0; i < 3; i++) {
    const answer = await payments.pay(order, declined).set('Idempotency-Key', key);
    expect(refusalIn(answer)).toEqual([400, 'payments.card_declined token']);
  }
  expect((await payments.payment(order))?.attempt).toBe(1);
  const other = await payments.pay(order, { token: 'tok_visa' }).set('Idempotency-Key', key);
  expect(refusalIn(other)).toEqual([422, 'request.idempotency_key_reused']);
  await payments.pay(order).set('Idempotency-Key', newId()).expect(201);
});

test('an order that payments has not heard of yet is asked for again with the same key', async () => {
  const key = newId();
  const order = await payments.place();
  const unknown = { ...order, id: newId() };
  const early = await payments.pay(unknown).set('Idempotency-Key', key);
  expect(refusalIn(early)).toEqual([404, 'payments.order_not_found orderId']);
  await payments.place({ id: unknown.id, userId: order.userId });
  await payments.pay(unknown).set('Idempotency-Key', key).expect(201);
});

describe('A try whose answer was lost', () => {
  const tryToPay = (
    order: { id: string; userId: string },
    id: string,
    isAgain: boolean,
    token = 'tok_visa',
  ) => payOnce(payments, order.userId, { orderId: order.id, token, once: { id, isAgain } }, newCause());

  test('after it has charged is told so, and not that the order is paid already', async () => {
    const [order, id] = [await payments.place(), newId()];
    const first = await tryToPay(order, id, false);
    const second = await tryToPay(order, id, true);
    expect(second).toEqual(first);
    await expect(tryToPay(order, newId(), true)).rejects.toMatchObject({
      message: 'This order is paid already.',
    });
    expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
  });

  test('in the middle of charging is told to wait, and the truth once the settlement has found it', async () => {
    const [order, id] = [await payments.place(), newId()];
    await tryToPay(order, id, false);
    // As it was before the answer of Stripe was written down.
    await payments.payments.model.updateOne(
      { _id: order.id },
      { $set: { status: 'claimed', dueAt: new Date() } },
    );
    await expect(tryToPay(order, id, true)).rejects.toMatchObject({ message: /being paid this very moment/ });
    await payments.settleAll();
    expect(await tryToPay(order, id, true)).toMatchObject({ status: 'charged' });
    expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
  });
});

test('nothing but the order and the card is read from the body', async () => {
  const order = await payments.place();
  const body = {
    token: 'tok_visa',
    orderId: order.id,
    amountInCents: 1,
    price: 0.01,
    userId: newId(),
    status: 'charged',
  };
  await payments.post({ ...body, tryId: 'mine', version: 9 }, cookieFor(order.userId)).expect(201);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
  expect(await payments.payment(order)).toMatchObject({
    userId: order.userId,
    amountInCents: 1999,
    tryId: null,
  });
});
