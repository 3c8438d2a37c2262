// A cancellation that crosses a charge, at every step of it: no charge stands, and it is paid back once.
import { newCause, OrderCreated, type OrderData } from '@ticketing/common';
import { eventOf, eventually, orderData, refusalIn } from '@ticketing/common/testing';
import { cancellationOf, PaymentsUnderTest, stripeKey } from '../../test/support/payments-under-test';
import { StripeWithMoments } from '../../test/support/stripe-with-moments';
import { onOrderCancelled } from './on-order-cancelled';
import { payOrder } from './pay-order';
import type { Payments } from './payment';
import { OrderIsCancelled } from './refusals';

let payments: PaymentsUnderTest;
let stripe: StripeWithMoments;
beforeAll(async () => {
  payments = await PaymentsUnderTest.start({
    stripe: (apiBase) => (stripe = new StripeWithMoments(stripeKey, apiBase)),
  });
});
afterAll(() => payments.stop());
afterEach(() => {
  payments.emulator.setFaults({ latencyMs: 0, failNext: 0 });
});

const orderIsCancelled = [400, 'payments.order_cancelled'];
const atOnce = () => payments.settleAll();
const later = () => Promise.resolve();

/** Also after the event and the settlement have come again. */
async function expectUndone(order: OrderData, status: 'refunded' | 'voided'): Promise<void> {
  await payments.settleAll();
  const { version } = (await payments.payment(order)) ?? {};
  await payments.cancel(order);
  await payments.settleAll();
  const amount = status === 'refunded' ? 1999 : 0;
  expect(payments.money(order)).toEqual({ charged: amount, refunded: amount });
  expect(await payments.refunds(order)).toBe(status === 'refunded' ? 1 : 0);
  expect(await payments.payment(order)).toMatchObject({ status, version });
  expect(refusalIn(await payments.pay(order))).toEqual(orderIsCancelled);
}

const intentStatuses = ({ id }: OrderData) =>
  payments.emulator.charges().flatMap(({ orderId, status }) => (orderId === id ? [status] : []));

test.each([
  // An intent that nobody confirms, because nobody kept its id.
  ['before open', 'at once', 'voided', atOnce, 'requires_payment_method'],
  ['before open', 'later', 'voided', later, 'requires_payment_method'],
  ['after open', 'at once', 'voided', atOnce, 'requires_payment_method'],
  ['after open', 'later', 'voided', later, 'requires_payment_method'],
  // An intent that nobody can confirm any more.
  ['before charge', 'at once', 'voided', atOnce, 'canceled'],
  ['before charge', 'later', 'refunded', later, 'succeeded'],
  ['after charge', 'at once', 'refunded', atOnce, 'succeeded'],
  ['after charge', 'later', 'refunded', later, 'succeeded'],
] as const)('cancelled %s and settled %s: %s', async (moment, _when, status, settle, intentStatus) => {
  const order = await payments.place();
  stripe.at(moment, async () => {
    await payments.cancel(order);
    await settle();
  });
  expect(refusalIn(await payments.pay(order))).toEqual(orderIsCancelled);
  await expectUndone(order, status);
  expect(intentStatuses(order)).toEqual([intentStatus]);
  expect((await payments.payment(order))?.event).toBeUndefined();
});

test('cancelled after it was paid: refunded, its payment:created announced before', async () => {
  const order = await payments.place();
  await payments.pay(order).expect(201);
  await payments.cancel(order);
  expect(await payments.payment(order)).toMatchObject({ status: 'cancelling' });
  await expectUndone(order, 'refunded');
});

test('cancelled before anybody paid: there is nothing to undo', async () => {
  const order = await payments.place();
  await payments.cancel(order);
  await payments.settleAll();
  expect(refusalIn(await payments.pay(order))).toEqual(orderIsCancelled);
  expect(await payments.payment(order)).toBeNull();
  expect(intentStatuses(order)).toEqual([]);
});

test('cancelled between the look at the order and the claim: the claim looks again', async () => {
  const order = await payments.place();
  const create: Payments['create'] = async (...given) => {
    await payments.cancel(order);
    return payments.payments.create(...given);
  };
  const late = Object.assign(Object.create(payments.payments) as Payments, { create });
  const deps = { payments: late, orders: payments.orders, stripe };
  const input = { orderId: order.id, token: 'tok_visa' };
  await expect(payOrder(deps, order.userId, input, newCause())).rejects.toThrow(OrderIsCancelled);
  await payments.settleAll();
  expect(await payments.payment(order)).toMatchObject({ status: 'declined', stripeId: null });
  expect(intentStatuses(order)).toEqual([]);
});

test('cancelled while a slow Stripe is charging: never both cancelled and charged', async () => {
  const order = await payments.place();
  payments.emulator.setFaults({ latencyMs: 150 });
  const paying = payments.pay(order).then((answer) => answer);
  await eventually(async () => {
    expect((await payments.payment(order))?.stripeId).toEqual(expect.any(String));
  });
  await payments.cancel(order);
  await payments.settleAll();
  expect(refusalIn(await paying)).toEqual(orderIsCancelled);
  payments.emulator.setFaults({ latencyMs: 0 });
  await expectUndone(order, payments.money(order).charged > 0 ? 'refunded' : 'voided');
});

test('after a declined card: the open intent is ended', async () => {
  const order = await payments.place();
  await payments.pay(order, { token: 'tok_chargeDeclined' }).expect(400);
  await payments.cancel(order);
  await expectUndone(order, 'voided');
  expect(intentStatuses(order)).toEqual(['canceled']);
});

test('before the order was created: it can never be paid', async () => {
  const order = orderData();
  await payments.cancel(order);
  await payments.hear(eventOf(OrderCreated, order));
  expect(refusalIn(await payments.pay(order))).toEqual(orderIsCancelled);
});

test('the settlement is woken, and only where there is something to undo', async () => {
  const [paid, unpaid] = [await payments.place(), await payments.place()];
  await payments.pay(paid).expect(201);
  let wakes = 0;
  const deps = { orders: payments.orders, payments: payments.payments, settle: () => (wakes += 1) };
  await onOrderCancelled(cancellationOf(unpaid), deps);
  expect(wakes).toBe(0);
  await onOrderCancelled(cancellationOf(paid), deps);
  expect(wakes).toBe(1);
  await payments.settleAll();
  await onOrderCancelled(cancellationOf(paid), deps);
  expect(wakes).toBe(1);
});

test('three times, all at once: one refund', async () => {
  const order = await payments.place();
  await payments.pay(order).expect(201);
  const event = cancellationOf(order);
  await Promise.all([payments.hear(event), payments.hear(event), payments.hear(event)]);
  await Promise.all([payments.settle(), payments.settle(), payments.settle()]);
  await expectUndone(order, 'refunded');
});

test('shuffled with creation and repeats: one refund', async () => {
  for (let round = 0; round < 10; round++) {
    const order = await payments.place();
    await payments.pay(order).expect(201);
    const [created, cancelled] = [eventOf(OrderCreated, order), cancellationOf(order)];
    await Promise.all(
      [cancelled, created, cancelled, created, cancelled].map((event) => payments.hear(event)),
    );
    await expectUndone(order, 'refunded');
  }
});

test('a refund that fails for a while is made as soon as it can be', async () => {
  const order = await payments.place();
  await payments.pay(order).expect(201);
  // Each try is two requests: the SDK repeats a failed one once.
  payments.emulator.setFaults({ failNext: 4 });
  await payments.cancel(order);
  expect(await payments.settle()).toHaveLength(1);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
  expect(await payments.payment(order)).toMatchObject({ status: 'cancelling', tries: 1 });
  await expectUndone(order, 'refunded');
  expect(await payments.payment(order)).toMatchObject({ tries: 3 });
});

test('a refund whose answer was lost is not made again', async () => {
  const order = await payments.place();
  await payments.pay(order).expect(201);
  payments.emulator.setFaults({ dropNext: 2 });
  await payments.cancel(order);
  expect(await payments.settle()).toHaveLength(1);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 1999 });
  expect(await payments.payment(order)).toMatchObject({ status: 'cancelling' });
  await expectUndone(order, 'refunded');
});
