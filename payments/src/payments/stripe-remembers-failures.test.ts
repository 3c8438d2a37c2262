// Stripe keeps the answer to an idempotency key for a day, a failure of its own too: every new try needs a new key.
import { refusalIn } from '@ticketing/common/testing';
import { StripeCharges } from '../stripe/stripe-charges';
import { PaymentsUnderTest, stripeKey } from '../../test/support/payments-under-test';
import { UnforgivingStripe } from '../../test/support/unforgiving-stripe';

const unforgiving = new UnforgivingStripe();
let payments: PaymentsUnderTest;
beforeAll(async () => {
  await unforgiving.start();
  payments = await PaymentsUnderTest.start({
    stripe: (apiBase) => {
      unforgiving.target = apiBase;
      return new StripeCharges(stripeKey, unforgiving.url);
    },
  });
});
afterAll(async () => {
  await payments.stop();
  await unforgiving.close();
});

test('an order can be paid though the making of its intent has failed', async () => {
  const order = await payments.place();
  unforgiving.failures = 1;
  expect(refusalIn(await payments.pay(order))).toEqual([503, 'server.unavailable']);
  await payments.settleAll();
  await payments.pay(order).expect(201);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('an order can be paid though its charge has failed', async () => {
  const order = await payments.place();
  await payments.pay(order, { token: 'tok_chargeDeclined' }).expect(400);
  unforgiving.failures = 1;
  expect(refusalIn(await payments.pay(order))).toEqual([503, 'server.unavailable']);
  await payments.settleAll();
  await payments.pay(order).expect(201);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('an order is paid back though its refund has failed', async () => {
  const order = await payments.place();
  await payments.pay(order).expect(201);
  await payments.cancel(order);
  unforgiving.failures = 1;
  expect(await payments.settle()).toHaveLength(1);
  await payments.settleAll();
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 1999 });
});
