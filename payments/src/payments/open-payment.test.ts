// Paying in the browser: the order's one intent, shared with whoever may pay it, and never lost sight of.
import type { OrderData } from '@ticketing/common';
import { cookieFor, newId, orderData, refusalIn } from '@ticketing/common/testing';
import { PaymentsUnderTest, stripeKey } from '../../test/support/payments-under-test';
import { StripeWithMoments } from '../../test/support/stripe-with-moments';

let payments: PaymentsUnderTest;
let stripe: StripeWithMoments;
beforeAll(async () => {
  payments = await PaymentsUnderTest.start({
    instances: 2,
    stripe: (apiBase) => (stripe = new StripeWithMoments(stripeKey, apiBase)),
  });
});
afterAll(() => payments.stop());
afterEach(() => {
  payments.emulator.setFaults({ failNext: 0, dropNext: 0, latencyMs: 0 });
});

const secretOf = (answer: { body: unknown }) => (answer.body as { clientSecret: string }).clientSecret;
const intentsOf = ({ id }: OrderData) => payments.emulator.charges().filter(({ orderId }) => orderId === id);
/** An order that a browser is about to pay. */
const opened = async () => {
  const order = await payments.place();
  return { order, secret: secretOf(await payments.open(order).expect(201)) };
};

test('the browser is given the intent of the order, unpaid, and its secret', async () => {
  const order = await payments.place();
  const answer = await payments.open(order).expect(201);
  const kept = await payments.payment(order);
  expect(answer.body).toEqual({
    id: order.id,
    clientSecret: expect.stringMatching(`^${kept?.stripeId}_secret_`),
  });
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(kept).toMatchObject({ status: 'awaiting', isShared: true, amountInCents: 1999 });
  expect(kept?.event).toBeUndefined();
  expect(intentsOf(order)).toMatchObject([{ amount: 1999, currency: 'usd', charged: 0 }]);
});

test('however often, in however many tabs and at whichever instance it is asked: one intent, one secret', async () => {
  const order = await payments.place();
  const asked = await Promise.all([0, 1, 0, 1, 0, 1].map((by) => payments.open(order, { by })));
  const after = await payments.open(order).expect(201);
  for (const answer of asked) {
    // Who comes while Stripe still works on the first request may be told to come again; never another secret.
    if (answer.status === 201) expect(secretOf(answer)).toBe(secretOf(after));
    else expect(refusalIn(answer)).toEqual([503, 'server.unavailable']);
  }
  expect(asked.some(({ status }) => status === 201)).toBe(true);
  expect((await payments.payment(order))?.stripeId).toBe(secretOf(after).split('_secret_')[0]);
});

test('confirmed, and the browser gone for good: the settlement finds the charge, and announces it', async () => {
  const { order, secret } = await opened();
  expect(await payments.confirmInBrowser(secret)).toBe('succeeded');
  expect(await payments.settleNow(order)).toEqual([]);
  const payment = await payments.payment(order);
  expect(payment).toMatchObject({
    status: 'charged',
    event: { type: 'payment:created', data: { stripeId: payment?.stripeId, version: payment?.version } },
  });
  await payments.settleAll();
  expect(await payments.payment(order)).toEqual(payment);
  expect(refusalIn(await payments.open(order))).toEqual([400, 'payments.already_paid']);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('confirmed, and asked for the secret again by a browser that forgot: it is paid', async () => {
  const { order, secret } = await opened();
  await payments.confirmInBrowser(secret);
  expect(refusalIn(await payments.open(order))).toEqual([400, 'payments.already_paid']);
  expect(await payments.payment(order)).toMatchObject({
    status: 'charged',
    event: { type: 'payment:created' },
  });
});

test('not confirmed: the settlement goes on looking, at ever longer intervals', async () => {
  const { order } = await opened();
  for (let tries = 1; tries <= 3; tries++) {
    await payments.settleNow(order);
    expect(await payments.payment(order)).toMatchObject({ status: 'awaiting', tries });
  }
  const { dueAt } = (await payments.payment(order)) ?? {};
  expect(Number(dueAt) - Date.now()).toBeGreaterThan(2000);
});

test('a card that is declined in the browser leaves the order payable, by either door, once', async () => {
  const { order, secret } = await opened();
  expect(await payments.confirmInBrowser(secret, 'tok_chargeDeclined')).toBe('card_declined');
  await payments.settleNow(order);
  expect(await payments.payment(order)).toMatchObject({ status: 'awaiting' });
  await payments.pay(order).expect(201);
  expect(await payments.confirmInBrowser(secret)).toBe('payment_intent_unexpected_state');
  expect(intentsOf(order)).toHaveLength(1);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('a token that is declined while a browser has the secret: what the browser then does is noticed', async () => {
  const { order, secret } = await opened();
  expect(refusalIn(await payments.pay(order, { token: 'tok_chargeDeclined' }))).toEqual([
    400,
    'payments.card_declined token',
  ]);
  expect(await payments.payment(order)).toMatchObject({ status: 'awaiting', attempt: 2 });
  await payments.confirmInBrowser(secret);
  await payments.settleNow(order);
  expect(await payments.payment(order)).toMatchObject({ status: 'charged' });
});

test('a declined token, then the browser: the same intent pays', async () => {
  const order = await payments.place();
  await payments.pay(order, { token: 'tok_chargeDeclined' }).expect(400);
  const { stripeId } = (await payments.payment(order)) ?? {};
  const secret = secretOf(await payments.open(order).expect(201));
  expect(secret.startsWith(`${stripeId}_`)).toBe(true);
  await payments.confirmInBrowser(secret);
  await payments.settleNow(order);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('a browser and a token at the very same moment: one charge, told as paid', async () => {
  for (let round = 0; round < 15; round++) {
    const { order, secret } = await opened();
    const [token] = await Promise.all([payments.pay(order), payments.confirmInBrowser(secret, 'tok_amex')]);
    expect(token.status).toBe(201);
    expect(await payments.payment(order)).toMatchObject({ status: 'charged' });
    expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
  }
});

test('a token whose answer is lost while a browser has the secret: still looked after', async () => {
  const { order } = await opened();
  payments.emulator.setFaults({ dropNext: 2 });
  expect(refusalIn(await payments.pay(order))).toEqual([503, 'server.unavailable']);
  await payments.settleNow(order);
  expect(await payments.payment(order)).toMatchObject({ status: 'charged' });
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('the order is cancelled: the browser can no longer pay it', async () => {
  const { order, secret } = await opened();
  await payments.cancel(order);
  await payments.settleAll();
  expect(await payments.payment(order)).toMatchObject({ status: 'voided' });
  expect(await payments.confirmInBrowser(secret)).toBe('payment_intent_unexpected_state');
  expect(refusalIn(await payments.open(order))).toEqual([400, 'payments.order_cancelled']);
  expect(payments.money(order)).toEqual({ charged: 0, refunded: 0 });
});

test('confirmed in the browser, then cancelled before anybody noticed: paid back in full', async () => {
  const { order, secret } = await opened();
  await payments.confirmInBrowser(secret);
  await payments.cancel(order);
  await payments.settleAll();
  expect(await payments.payment(order)).toMatchObject({ status: 'refunded' });
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 1999 });
});

test('confirmed in the browser while the cancelled order is being undone: paid back in full', async () => {
  const { order, secret } = await opened();
  await payments.cancel(order);
  stripe.at('before end', async () => {
    expect(await payments.confirmInBrowser(secret)).toBe('succeeded');
  });
  expect(await payments.settle()).toHaveLength(1);
  expect(await payments.payment(order)).toMatchObject({ status: 'cancelling' });
  await payments.settleAll();
  expect(await payments.payment(order)).toMatchObject({ status: 'refunded' });
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 1999 });
});

test.each(['before open', 'after open'] as const)(
  'cancelled %s: the secret is never told, and nothing is charged',
  async (moment) => {
    const order = await payments.place();
    stripe.at(moment, () => payments.cancel(order));
    expect(refusalIn(await payments.open(order))).toEqual([400, 'payments.order_cancelled']);
    await payments.settleAll();
    expect(await payments.payment(order)).toMatchObject({ status: 'voided' });
  },
);

test('a token is charged while the intent is being opened: one charge, and no secret of another intent', async () => {
  const order = await payments.place();
  stripe.at('after open', async () => {
    await payments.pay(order).expect(201);
  });
  expect(refusalIn(await payments.open(order))).toEqual([400, 'payments.already_paid']);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('the settlement takes the opening for dead: it may be asked for again', async () => {
  const order = await payments.place();
  stripe.at('after open', async () => {
    await payments.settleNow(order);
  });
  expect(refusalIn(await payments.open(order))).toEqual([400, 'payments.in_progress']);
  expect(await payments.payment(order)).toMatchObject({
    status: 'declined',
    stripeId: null,
    isShared: false,
  });
  const secret = secretOf(await payments.open(order).expect(201));
  await payments.confirmInBrowser(secret);
  await payments.settleNow(order);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('Stripe fails for a while: 503, and the next request is a new one to Stripe', async () => {
  const order = await payments.place();
  payments.emulator.setFaults({ failNext: 2 });
  expect(refusalIn(await payments.open(order))).toEqual([503, 'server.unavailable']);
  expect(await payments.payment(order)).toMatchObject({ attempt: 2, stripeId: null });
  await payments.open(order).expect(201);
});

test('an intent that somebody cancels at Stripe makes room for another, and only that one pays', async () => {
  const { order, secret } = await opened();
  const { stripeId } = (await payments.payment(order)) ?? {};
  await payments.sdk.paymentIntents.cancel(String(stripeId));
  expect(refusalIn(await payments.open(order))).toEqual([503, 'server.unavailable']);
  const next = secretOf(await payments.open(order).expect(201));
  expect(next).not.toBe(secret);
  expect(await payments.confirmInBrowser(secret)).toBe('payment_intent_unexpected_state');
  await payments.confirmInBrowser(next);
  await payments.settleNow(order);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('an intent that somebody cancels at Stripe is no end for cards either: the next attempt makes another', async () => {
  const { order } = await opened();
  const { stripeId } = (await payments.payment(order)) ?? {};
  await payments.sdk.paymentIntents.cancel(String(stripeId));
  expect(refusalIn(await payments.pay(order))).toEqual([400, 'payments.card_unusable token']);
  expect(await payments.payment(order)).toMatchObject({
    status: 'declined',
    stripeId: null,
    isShared: false,
  });
  await payments.pay(order).expect(201);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

describe('refused:', () => {
  test.each<[string, (order: OrderData) => Promise<{ status: number; body: unknown }>, unknown[]]>([
    [
      'somebody who is not signed in',
      (order) => payments.post({ orderId: order.id }, undefined, 0, '/intents'),
      [401, 'session.not_signed_in'],
    ],
    [
      'somebody else than the buyer',
      (order) => payments.open(order, { as: newId() }),
      [401, 'payments.not_the_buyer'],
    ],
    [
      'an id that is none',
      (order) => payments.post({ orderId: 'x' }, cookieFor(order.userId), 0, '/intents'),
      [400, 'request.invalid orderId'],
    ],
    [
      'an order that nobody knows',
      () => payments.open(orderData()),
      [404, 'payments.order_not_found orderId'],
    ],
  ])('%s', async (_what, ask, refusal) => {
    const order = await payments.place();
    expect(refusalIn(await ask(order))).toEqual(refusal);
    expect(await payments.payment(order)).toBeNull();
  });

  test('an order whose time is over, one that is cancelled, one that is paid, one that costs too little', async () => {
    const late = await payments.place({ expiresAt: new Date(Date.now() - 1).toISOString() });
    expect(refusalIn(await payments.open(late))).toEqual([400, 'payments.order_expired']);
    const cancelled = await payments.place();
    await payments.cancel(cancelled);
    expect(refusalIn(await payments.open(cancelled))).toEqual([400, 'payments.order_cancelled']);
    const paid = await payments.place();
    await payments.pay(paid).expect(201);
    expect(refusalIn(await payments.open(paid))).toEqual([400, 'payments.already_paid']);
    const cheap = await payments.place({ ticket: { id: newId(), title: 'A sticker', priceInCents: 49 } });
    expect(refusalIn(await payments.open(cheap))).toEqual([400, 'payments.amount_not_chargeable']);
    await payments.settleAll();
    expect(await payments.payment(cheap)).toMatchObject({ status: 'declined', stripeId: null });
  });

  test('while a card is being charged', async () => {
    const order = await payments.place();
    stripe.at('before charge', async () => {
      expect(refusalIn(await payments.open(order))).toEqual([400, 'payments.in_progress']);
    });
    await payments.pay(order).expect(201);
  });
});
