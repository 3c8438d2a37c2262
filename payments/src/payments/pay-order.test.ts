// Paying an order at the door: what is answered, kept, announced and charged, and what is refused.
import { OrderCancelled, OrderCompleted, parseEvent, PaymentCreated, toMinorUnits } from '@ticketing/common';
import { cookieFor, eventOf, newId, orderData, refusalIn } from '@ticketing/common/testing';
import { PaymentsUnderTest } from '../../test/support/payments-under-test';

let payments: PaymentsUnderTest;
beforeAll(async () => {
  payments = await PaymentsUnderTest.start();
});
afterAll(() => payments.stop());

const past = () => new Date(Date.now() - 1).toISOString();
const priced = (priceInCents: number) => ({ ticket: { id: newId(), title: 'A concert', priceInCents } });

test('the buyer pays: the card is charged once, and the payment carries payment:created', async () => {
  const order = await payments.place();
  const answer = await payments.pay(order);
  expect(answer.body).toEqual({ id: order.id });
  expect(answer.status).toBe(201);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });

  const payment = await payments.payment(order);
  expect(payment).toMatchObject({ status: 'charged', userId: order.userId, amountInCents: 1999, attempt: 1 });
  const event = parseEvent(PaymentCreated, JSON.stringify(payment?.event));
  expect(event.data).toEqual({
    id: order.id,
    orderId: order.id,
    stripeId: payment?.stripeId,
    amountInCents: 1999,
    version: payment?.version,
  });
});

test('the event continues the trace of the request', async () => {
  const order = await payments.place();
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await payments.pay(order).set('traceparent', traceparent).expect(201);
  expect((await payments.payment(order))?.event).toMatchObject({ traceparent });
});

test.each([
  [19.99, 1999],
  [0.57, 57],
  [1.15, 115],
  [4.35, 435],
  [0.5, 50],
  [999_999.99, 99_999_999],
])('a price of %d is charged as %d whole minor units', async (price, minorUnits) => {
  const order = await payments.place(priced(toMinorUnits(price) ?? 0));
  await payments.pay(order).expect(201);
  expect(payments.money(order).charged).toBe(minorUnits);
});

test.each([
  [0.49, 'Stripe takes no less than 0.50'],
  [1_000_000, 'Stripe takes no more than 999,999.99'],
])('a price of %d is refused by name: %s', async (price) => {
  const order = await payments.place(priced(toMinorUnits(price) ?? 0));
  expect(refusalIn(await payments.pay(order))).toEqual([400, 'payments.amount_not_chargeable']);
  await payments.settleAll();
  expect(await payments.payment(order)).toMatchObject({ status: 'declined', stripeId: null });
  expect(payments.money(order)).toEqual({ charged: 0, refunded: 0 });
});

test('a payment method of Stripe pays like a token', async () => {
  const order = await payments.place();
  await payments.pay(order, { token: 'pm_card_mastercard' }).expect(201);
  expect(payments.money(order).charged).toBe(1999);
});

test('an id in capital letters is the same id', async () => {
  const order = await payments.place();
  const body = { token: 'tok_visa', orderId: order.id.toUpperCase() };
  const answer = await payments.post(body, cookieFor(order.userId));
  expect(answer.body).toEqual({ id: order.id });
});

test('an order that awaits its payment can be paid', async () => {
  const order = await payments.place({ status: 'awaiting:payment' });
  await payments.pay(order).expect(201);
});

describe('nothing is charged, nor kept, of what is refused:', () => {
  const refuses = async (call: PromiseLike<{ status: number; body: unknown }>, refusal: unknown[]) => {
    const [charges, kept] = [
      payments.emulator.charges().length,
      await payments.payments.model.countDocuments(),
    ];
    expect(refusalIn(await call)).toEqual(refusal);
    expect(payments.emulator.charges()).toHaveLength(charges);
    expect(await payments.payments.model.countDocuments()).toBe(kept);
  };

  test('somebody who is not signed in', async () => {
    const { id: orderId } = await payments.place();
    await refuses(payments.post({ token: 'tok_visa', orderId }), [401, 'session.not_signed_in']);
  });

  test('somebody with a forged session', async () => {
    const order = await payments.place();
    const forged = cookieFor(order.userId, 'another-key-than-that-of-the-service-0123');
    await refuses(payments.post({ token: 'tok_visa', orderId: order.id }, forged), [
      401,
      'session.not_signed_in',
    ]);
  });

  test('somebody who is not the buyer', async () => {
    const order = await payments.place();
    await refuses(payments.pay(order, { as: newId() }), [401, 'payments.not_the_buyer']);
  });

  test('an order nobody has heard of', async () => {
    await refuses(payments.pay(orderData()), [404, 'payments.order_not_found orderId']);
  });

  test('a cancelled order', async () => {
    const order = await payments.place();
    await payments.cancel(order);
    await refuses(payments.pay(order), [400, 'payments.order_cancelled']);
  });

  test('a cancelled order whose creation came after its cancellation', async () => {
    const order = orderData();
    await payments.hear(eventOf(OrderCancelled, { ...order, status: 'cancelled', version: 1 }));
    await payments.place(order);
    await refuses(payments.pay(order), [400, 'payments.order_cancelled']);
  });

  test('an order whose time is over', async () => {
    const order = await payments.place({ expiresAt: past() });
    await refuses(payments.pay(order), [400, 'payments.order_expired']);
  });

  test('a complete order', async () => {
    const order = await payments.place();
    await payments.hear(eventOf(OrderCompleted, { ...order, status: 'complete', version: 1 }));
    await refuses(payments.pay(order), [400, 'payments.already_paid']);
  });

  test.each([['tok_visa'], ['tok_mastercard']])(
    'an order that is paid, whatever the card (%s)',
    async (token) => {
      const order = await payments.place();
      await payments.pay(order).expect(201);
      await refuses(payments.pay(order, { token }), [400, 'payments.already_paid']);
      expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
    },
  );

  test.each([
    ['no digits', 'order'],
    ['a digit too few', '0123456789abcdef0123456'],
    ['a digit too many', '0123456789abcdef012345678'],
    ['a number', 123_456_789_012],
    ['a query', { $gt: '' }],
    ['a list', [newId()]],
    ['null', null],
    ['missing', undefined],
  ])('an order id that is %s', async (_what, orderId) => {
    await refuses(payments.post({ token: 'tok_visa', orderId }, cookieFor()), [
      400,
      'request.invalid orderId',
    ]);
  });

  test.each([
    ['empty', ''],
    ['blank', '   '],
    ['a card number', '4242424242424242'],
    ['a secret key', 'sk_test_1'],
    ['too long', `tok_${'a'.repeat(201)}`],
    ['followed by more', 'tok_visa\ntok_visa'],
    ['a number', 42],
    ['a truth', true],
    ['a query', { $gt: '' }],
    ['a list', ['tok_visa']],
    ['null', null],
    ['missing', undefined],
  ])('a token that is %s', async (_what, token) => {
    const order = await payments.place();
    await refuses(payments.post({ token, orderId: order.id }, cookieFor(order.userId)), [
      400,
      'request.invalid token',
    ]);
  });

  test('a body with neither, field by field', async () => {
    await refuses(payments.post({}, cookieFor()), [400, 'request.invalid token', 'request.invalid orderId']);
  });

  test('who is not signed in learns nothing of what else is wrong', async () => {
    await refuses(payments.post({ token: 1, orderId: 2 }), [401, 'session.not_signed_in']);
  });
});
