// What a crash left behind, brought to its right end by asking Stripe what is true.
import type { OrderData } from '@ticketing/common';
import { newCause } from '@ticketing/common';
import { refusalIn } from '@ticketing/common/testing';
import { Types } from 'mongoose';
import { PaymentsUnderTest, stripeKey } from '../../test/support/payments-under-test';
import { StripeWithMoments } from '../../test/support/stripe-with-moments';
import type { Payment } from './payment';
import { duePayments } from './settle-payments';

let payments: PaymentsUnderTest;
let stripe: StripeWithMoments;
beforeAll(async () => {
  payments = await PaymentsUnderTest.start({
    stripe: (apiBase) => (stripe = new StripeWithMoments(stripeKey, apiBase)),
  });
});
afterAll(() => payments.stop());
afterEach(() => {
  payments.emulator.setFaults({ failNext: 0, dropNext: 0 });
});

/** A payment as a process left it that was killed a while ago. */
const leftBehind = async (given: Partial<Payment> = {}): Promise<OrderData> => {
  const order = await payments.place();
  const state = {
    _id: new Types.ObjectId(order.id),
    userId: order.userId,
    amountInCents: 1999,
    status: 'claimed',
    attempt: 1,
    stripeId: null,
    dueAt: new Date(Date.now() - 1),
    tries: 0,
    ...given,
  } as const;
  await payments.payments.create(state, undefined, newCause());
  return order;
};
const keep = (order: OrderData, stripeId: string) =>
  payments.payments.change(order.id, () => ({ set: { stripeId } }), newCause());
const open = (order: OrderData) => payments.stripe.open(order.id, 1999, `open-${order.id}`);
const charge = (order: OrderData, stripeId: string, token: string) =>
  payments.stripe.charge(stripeId, token, `charge-${order.id}`);

test('killed before there was an intent: another attempt may begin', async () => {
  const order = await leftBehind();
  expect(await payments.settle()).toEqual([]);
  const payment = await payments.payment(order);
  expect(payment).toMatchObject({ status: 'declined' });
  expect(payment?.event).toBeUndefined();
  await payments.pay(order).expect(201);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('killed before the intent that Stripe made was kept: it is never charged, another one is', async () => {
  const order = await leftBehind();
  await open(order);
  await payments.settle();
  await payments.pay(order).expect(201);
  const about = payments.emulator.charges().filter(({ orderId }) => orderId === order.id);
  expect(about.map(({ status }) => status).sort()).toEqual(['requires_payment_method', 'succeeded']);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('killed before the charge: another attempt charges the same intent', async () => {
  const order = await leftBehind();
  const stripeId = await open(order);
  await keep(order, stripeId);
  await payments.settle();
  expect(await payments.payment(order)).toMatchObject({ status: 'declined', stripeId });
  await payments.pay(order).expect(201);
  expect(await payments.payment(order)).toMatchObject({ status: 'charged', stripeId, attempt: 2 });
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('killed after the card was declined: another attempt may begin', async () => {
  const order = await leftBehind();
  const stripeId = await open(order);
  await keep(order, stripeId);
  await charge(order, stripeId, 'tok_chargeDeclined');
  await payments.settle();
  expect(await payments.payment(order)).toMatchObject({ status: 'declined' });
  await payments.pay(order).expect(201);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('killed after the charge: it is recorded and announced, once', async () => {
  const order = await leftBehind();
  const stripeId = await open(order);
  await keep(order, stripeId);
  await charge(order, stripeId, 'tok_visa');
  await payments.settle();
  const payment = await payments.payment(order);
  expect(payment).toMatchObject({ status: 'charged' });
  expect(payment?.event).toMatchObject({
    type: 'payment:created',
    data: { orderId: order.id, stripeId, amountInCents: 1999, version: payment?.version },
  });
  await payments.settle();
  expect(await payments.payment(order)).toEqual(payment);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('killed after the charge, and the buyer is faster than the settlement: one charge, told as paid', async () => {
  const order = await leftBehind({ status: 'declined' });
  const stripeId = await open(order);
  await keep(order, stripeId);
  await charge(order, stripeId, 'tok_visa');
  await payments.pay(order, { token: 'tok_mastercard' }).expect(201);
  expect(await payments.payment(order)).toMatchObject({ status: 'charged' });
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test.each([
  ['without an intent', undefined, 'voided', 0],
  ['with an open intent', null, 'voided', 0],
  ['with a declined intent', 'tok_chargeDeclined', 'voided', 0],
  ['with an intent that waits for a confirmation', 'tok_threeDSecure2Required', 'voided', 0],
  ['with a charged intent', 'tok_visa', 'refunded', 1999],
] as const)(
  'killed %s, and the order cancelled since: no charge stands',
  async (_what, token, status, amount) => {
    const order = await leftBehind();
    if (token !== undefined) {
      const stripeId = await open(order);
      await keep(order, stripeId);
      if (token !== null) await charge(order, stripeId, token);
    }
    await payments.cancel(order);
    expect(await payments.settle()).toEqual([]);
    expect(await payments.payment(order)).toMatchObject({ status });
    expect(payments.money(order)).toEqual({ charged: amount, refunded: amount });
  },
);

test('an intent that somebody has cancelled at Stripe is at its end already', async () => {
  const order = await leftBehind();
  const stripeId = await open(order);
  await keep(order, stripeId);
  await payments.sdk.paymentIntents.cancel(stripeId);
  await payments.cancel(order);
  expect(await payments.settle()).toEqual([]);
  expect(await payments.payment(order)).toMatchObject({ status: 'voided' });
});

test('a charge that somebody has refunded at Stripe is not refunded again', async () => {
  const order = await leftBehind();
  const stripeId = await open(order);
  await keep(order, stripeId);
  await charge(order, stripeId, 'tok_visa');
  await payments.sdk.refunds.create({ payment_intent: stripeId });
  await payments.cancel(order);
  expect(await payments.settle()).toEqual([]);
  expect(await payments.payment(order)).toMatchObject({ status: 'refunded' });
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 1999 });
});

/** What the settlement does with a claim that has become too old. */
const takeForDead = async (order: OrderData) => {
  await payments.payments.change(order.id, () => ({ set: { dueAt: new Date() } }), newCause());
  await payments.settle();
  expect(await payments.payment(order)).toMatchObject({ status: 'declined' });
};

test('an attempt that was taken for dead and charges after all is recorded, and is the only charge', async () => {
  const order = await payments.place();
  stripe.at('before charge', () => takeForDead(order));
  await payments.pay(order).expect(201);
  expect(await payments.payment(order)).toMatchObject({ status: 'charged', attempt: 1 });
  expect(refusalIn(await payments.pay(order))).toEqual([400, 'payments.already_paid']);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('of an attempt that was taken for dead and the next one, both alive, one charges', async () => {
  const order = await payments.place();
  stripe.at('before charge', async () => {
    await takeForDead(order);
    await payments.pay(order, { token: 'tok_mastercard' }).expect(201);
  });
  await payments.pay(order).expect(201);
  expect(await payments.payment(order)).toMatchObject({ status: 'charged', attempt: 2 });
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('an attempt that was taken for dead before its intent was kept gives up: the next one charges', async () => {
  const order = await payments.place();
  stripe.at('after open', () => takeForDead(order));
  expect(refusalIn(await payments.pay(order))).toEqual([503, 'server.unavailable']);
  await payments.pay(order).expect(201);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('what is not due yet is left alone: somebody is working on it', async () => {
  const order = await leftBehind({ dueAt: new Date(Date.now() + 60_000) });
  await payments.settle();
  expect(await payments.payment(order)).toMatchObject({ status: 'claimed', version: 0 });
});

test('however much is due, it is settled in one go, by several settlements at once without harm', async () => {
  const orders = await Promise.all(Array.from({ length: 130 }, () => leftBehind()));
  const settled: string[] = [];
  await Promise.all([1, 2, 3].map(() => payments.settle({ onSettled: (status) => settled.push(status) })));
  expect(settled).toEqual(orders.map(() => 'declined'));
});

test('the query for what is due reads what it returns, by the index of what is unsettled', async () => {
  const due = await Promise.all([leftBehind(), leftBehind()]);
  for (let count = 0; count < 20; count++) await leftBehind({ status: 'charged' });
  await leftBehind({ dueAt: new Date(Date.now() + 60_000) });
  const plan = JSON.stringify(await duePayments(payments.payments).explain('executionStats'));
  expect(plan).toContain('"indexName":"unsettled_or_awaiting"');
  expect(plan).not.toContain('COLLSCAN');
  expect(plan).toContain(`"totalDocsExamined":${due.length}`);
  await payments.settle();
});
