// How a payment stands, for whoever lost an answer; and cards whose holder has to confirm at the bank.
import type { OrderData } from '@ticketing/common';
import { newId, orderData, refusalIn } from '@ticketing/common/testing';
import request from 'supertest';
import { PaymentsUnderTest, stripeKey } from '../../test/support/payments-under-test';
import { StripeWithMoments } from '../../test/support/stripe-with-moments';

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

const view = async (order: OrderData): Promise<Record<string, unknown>> => {
  const answer = await payments.see(order).expect(200);
  const { id, orderId, ...seen } = answer.body as Record<string, unknown>;
  expect([id, orderId]).toEqual([order.id, order.id]);
  return seen;
};
const secret = expect.stringMatching(/^pi_\w+_secret_\w+$/);
const actionRequired = [400, 'payments.action_required'];

/** An order with a card of which the bank wants to know more. */
const asked = async (token = 'tok_threeDSecure2Required') => {
  const order = await payments.place();
  expect(refusalIn(await payments.pay(order, { token }))).toEqual(actionRequired);
  const { actionUrl } = await view(order);
  /** What the card's holder says on the bank's page. */
  const answer = (outcome: 'complete' | 'fail') =>
    request(String(actionUrl)).post('').type('form').send({ outcome });
  return { order, answer };
};

test('nothing yet, paid, refunded: each is told as it is', async () => {
  const order = await payments.place();
  expect(await view(order)).toEqual({ status: 'none' });
  stripe.at('before charge', async () => {
    expect(await view(order)).toEqual({ status: 'pending' });
  });
  await payments.pay(order).expect(201);
  expect(await view(order)).toEqual({ status: 'paid' });
  await payments.cancel(order);
  expect(await view(order)).toMatchObject({
    status: 'pending',
    message: expect.stringContaining('paid back'),
  });
  await payments.settleAll();
  expect(await view(order)).toEqual({ status: 'refunded' });
});

test("a refused card is told in the bank's words, until another is tried", async () => {
  const order = await payments.place();
  await payments.pay(order, { token: 'tok_chargeDeclinedInsufficientFunds' }).expect(400);
  expect(await view(order)).toEqual({ status: 'refused', message: 'Your card has insufficient funds.' });
  stripe.at('before charge', async () => {
    expect(await view(order)).toEqual({ status: 'pending' });
  });
  await payments.pay(order).expect(201);
  expect(await view(order)).toEqual({ status: 'paid' });
});

test('an answer that was lost: what Stripe did is told as soon as the settlement has asked', async () => {
  const order = await payments.place();
  await payments.pay(order, { token: 'tok_chargeDeclined' }).expect(400);
  payments.emulator.setFaults({ dropNext: 2 });
  await payments.pay(order).expect(503);
  expect(await view(order)).toEqual({ status: 'pending' });
  await payments.settleAll();
  expect(await view(order)).toEqual({ status: 'paid' });
});

test('an order that was cancelled before anything was charged: nothing', async () => {
  const order = await payments.place();
  await payments.open(order).expect(201);
  await payments.cancel(order);
  await payments.settleAll();
  expect(await view(order)).toEqual({ status: 'none' });
});

test('in the hands of a browser: its secret, what it was refused, and that it is paid, without any settlement', async () => {
  const order = await payments.place();
  const { clientSecret } = (await payments.open(order).expect(201)).body as { clientSecret: string };
  expect(await view(order)).toEqual({ status: 'none', clientSecret });
  await payments.confirmInBrowser(clientSecret, 'tok_chargeDeclined');
  expect(await view(order)).toEqual({ status: 'refused', message: 'Your card was declined.', clientSecret });
  await payments.confirmInBrowser(clientSecret);
  expect(await view(order)).toEqual({ status: 'paid' });
  expect(await payments.payment(order)).toMatchObject({
    status: 'charged',
    event: { type: 'payment:created' },
  });
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('Stripe is away: what is in its hands is not guessed', async () => {
  const order = await payments.place();
  await payments.open(order).expect(201);
  const look = jest
    .spyOn(stripe, 'look')
    .mockRejectedValue(Object.assign(new Error(), { name: 'Unavailable' }));
  try {
    expect(refusalIn(await payments.see(order))).toEqual([503, 'server.unavailable']);
  } finally {
    look.mockRestore();
  }
});

test('only the buyer sees it, of orders that are known', async () => {
  const order = await payments.place();
  expect(refusalIn(await payments.see(order, { as: newId() }))).toEqual([401, 'payments.not_the_buyer']);
  const unknown = [404, 'payments.order_not_found orderId'];
  expect(refusalIn(await payments.see(orderData()))).toEqual(unknown);
  expect(refusalIn(await payments.see({ ...order, id: 'x' }))).toEqual(unknown);
  const nobody = await request(payments.server()).get(`/api/payments/${order.id}`);
  expect(refusalIn(nobody)).toEqual([401, 'session.not_signed_in']);
  expect(await view({ ...order, id: order.id })).toEqual({ status: 'none' });
});

describe('a card whose holder has to confirm:', () => {
  test('is refused for now, not charged, and seen with what to do', async () => {
    const { order } = await asked();
    expect(await view(order)).toEqual({
      status: 'requires_action',
      clientSecret: secret,
      actionUrl: expect.stringContaining('/emulator/3ds/'),
    });
    expect(await payments.payment(order)).toMatchObject({ status: 'awaiting', isShared: true });
    expect(payments.money(order)).toEqual({ charged: 0, refunded: 0 });
  });

  test.each(['seen', 'settled'] as const)('confirmed: it is paid, when that is %s', async (how) => {
    const { order, answer } = await asked();
    await answer('complete').expect(200);
    if (how === 'seen') expect(await view(order)).toEqual({ status: 'paid' });
    else await payments.settleNow(order);
    expect(await payments.payment(order)).toMatchObject({
      status: 'charged',
      event: { type: 'payment:created', data: { orderId: order.id } },
    });
    expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
  });

  test.each([
    ['not confirmed', 'tok_threeDSecure2Required', 'fail'],
    ['confirmed and declined', 'tok_threeDSecureRequiredChargeDeclined', 'complete'],
  ] as const)('%s: refused, and another card pays', async (_what, token, said) => {
    const { order, answer } = await asked(token);
    await answer(said);
    expect(await view(order)).toMatchObject({ status: 'refused', message: expect.stringMatching(/\S/) });
    await payments.pay(order).expect(201);
    expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
  });

  test('a page that is left open, and another card that pays meanwhile: one charge', async () => {
    const { order, answer } = await asked();
    await payments.pay(order, { token: 'tok_mastercard' }).expect(201);
    await answer('complete');
    expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
  });

  test('confirmed after the order was cancelled: refused by Stripe', async () => {
    const { order, answer } = await asked();
    await payments.cancel(order);
    await payments.settleAll();
    await answer('complete');
    expect(await view(order)).toEqual({ status: 'none' });
    expect(payments.money(order)).toEqual({ charged: 0, refunded: 0 });
  });

  test('confirmed, and the order cancelled before anybody noticed: paid back', async () => {
    const { order, answer } = await asked();
    await answer('complete').expect(200);
    await payments.cancel(order);
    await payments.settleAll();
    expect(payments.money(order)).toEqual({ charged: 1999, refunded: 1999 });
  });

  test('the answer to the attempt was lost: it is seen as it is all the same, and another card pays', async () => {
    const order = await payments.place();
    await payments.pay(order, { token: 'tok_chargeDeclined' }).expect(400);
    payments.emulator.setFaults({ dropNext: 2 });
    await payments.pay(order, { token: 'tok_threeDSecure2Required' }).expect(503);
    await payments.settleAll();
    expect(await payments.payment(order)).toMatchObject({ status: 'declined' });
    await payments.pay(order).expect(201);
    expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
  });
});
