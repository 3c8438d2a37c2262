// Stripe fails, or its answer is lost: nobody is charged twice, nothing charged is forgotten, the order stays payable.
import type { OrderData } from '@ticketing/common';
import { eventually, refusalIn } from '@ticketing/common/testing';
import { PaymentsUnderTest, stripeKey } from '../../test/support/payments-under-test';
import { StripeWithMoments } from '../../test/support/stripe-with-moments';

let payments: PaymentsUnderTest;
let stripe: StripeWithMoments;
beforeAll(async () => {
  // With the settlement at work, as in production: what an attempt leaves open is settled without being asked.
  payments = await PaymentsUnderTest.start({
    instances: 2,
    parts: ['settlement'],
    stripe: (apiBase) => (stripe = new StripeWithMoments(stripeKey, apiBase)),
  });
});
afterAll(() => payments.stop());
afterEach(() => {
  payments.emulator.setFaults({ failNext: 0, dropNext: 0 });
});

// The SDK repeats a request once, so a failure that is felt takes two.
const fail = () => {
  payments.emulator.setFaults({ failNext: 2 });
};
const lose = () => {
  payments.emulator.setFaults({ dropNext: 2 });
};
const atCharge = (fault: () => void) => {
  stripe.at('before charge', () => {
    fault();
    return Promise.resolve();
  });
};

const unavailable = [503, 'server.unavailable'];
const charged = { charged: 1999, refunded: 0 };

/** Pays until it is paid: what a buyer does who is told to try again. */
const payAgain = (order: OrderData) =>
  eventually(async () => {
    const { status, body } = await payments.pay(order);
    if (status !== 201) expect(refusalIn({ status, body })).toEqual([400, 'payments.already_paid']);
  }, 3000);

test.each([
  ['making the intent', fail],
  [
    'charging',
    () => {
      atCharge(fail);
    },
  ],
])('Stripe fails at %s: 503, nothing charged, and soon the order can be paid', async (_step, arrange) => {
  const order = await payments.place();
  arrange();
  const answer = await payments.pay(order);
  expect(refusalIn(answer)).toEqual(unavailable);
  expect(answer.headers['retry-after']).toBe('2');
  expect(payments.money(order)).toEqual({ charged: 0, refunded: 0 });
  await payAgain(order);
  expect(payments.money(order)).toEqual(charged);
  expect(await payments.payment(order)).toMatchObject({ status: 'charged', attempt: 2 });
});

test.each([
  [
    'failed',
    'making the intent',
    () => {
      payments.emulator.setFaults({ failNext: 1 });
    },
  ],
  [
    'failed',
    'charging',
    () => {
      atCharge(() => {
        payments.emulator.setFaults({ failNext: 1 });
      });
    },
  ],
  [
    'lost',
    'making the intent',
    () => {
      payments.emulator.setFaults({ dropNext: 1 });
    },
  ],
  [
    'lost',
    'charging',
    () => {
      atCharge(() => {
        payments.emulator.setFaults({ dropNext: 1 });
      });
    },
  ],
])('an answer %s once at %s is asked for again: paid, charged once', async (_how, _step, arrange) => {
  const order = await payments.place();
  arrange();
  await payments.pay(order).expect(201);
  expect(payments.money(order)).toEqual(charged);
  expect(await payments.payment(order)).toMatchObject({ status: 'charged', attempt: 1 });
});

test('the answer to making the intent lost for good: 503, and then one charge', async () => {
  const order = await payments.place();
  lose();
  expect(refusalIn(await payments.pay(order))).toEqual(unavailable);
  await payAgain(order);
  expect(payments.money(order)).toEqual(charged);
});

test('the answer to the charge lost for good: 503, and the settlement finds it charged and says so', async () => {
  const order = await payments.place();
  atCharge(lose);
  expect(refusalIn(await payments.pay(order))).toEqual(unavailable);
  expect(payments.money(order)).toEqual(charged);
  await eventually(async () => {
    const payment = await payments.payment(order);
    expect(payment).toMatchObject({ status: 'charged' });
    expect(payment?.event).toMatchObject({ type: 'payment:created', data: { version: payment?.version } });
  }, 3000);
  expect(refusalIn(await payments.pay(order))).toEqual([400, 'payments.already_paid']);
  expect(payments.money(order)).toEqual(charged);
});

test('the answer to the charge lost, and the order cancelled before it is asked for again: refunded', async () => {
  const order = await payments.place();
  atCharge(() => {
    payments.emulator.setFaults({ dropNext: 1 });
  });
  const answer = payments.pay(order).then((given) => given);
  await eventually(() => {
    expect(payments.money(order)).toEqual(charged);
  });
  await payments.cancel(order);
  expect(refusalIn(await answer)).toEqual([400, 'payments.order_cancelled']);
  await eventually(async () => {
    expect(await payments.payment(order)).toMatchObject({ status: 'refunded' });
  });
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 1999 });
});

test('20 payments at once with answers failing and lost: one charge in the end', async () => {
  const order = await payments.place();
  payments.emulator.setFaults({ failNext: 1, dropNext: 3 });
  await Promise.all(Array.from({ length: 20 }, (_, index) => payments.pay(order, { by: index % 2 })));
  payments.emulator.setFaults({ failNext: 0, dropNext: 0 });
  await payAgain(order);
  expect(payments.money(order)).toEqual(charged);
});
