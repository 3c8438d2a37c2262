// Stripe's webhooks: only what Stripe signed is believed, and even that only as a hint.
import type { OrderData } from '@ticketing/common';
import { eventually, newId, refusalIn } from '@ticketing/common/testing';
import Stripe from 'stripe';
import request from 'supertest';
import { PaymentsUnderTest, webhookSecret } from '../../test/support/payments-under-test';

let payments: PaymentsUnderTest;
beforeAll(async () => {
  payments = await PaymentsUnderTest.start();
});
afterAll(() => payments.stop());

const unverified = [400, 'payments.webhook_unverified'];
const sign = (payload: string, given: { secret?: string; timestamp?: number } = {}) =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret: webhookSecret, ...given });
const post = (payload: string, signature: string | undefined = sign(payload)) => {
  const call = request(payments.server()).post('/api/payments/webhook').type('application/json');
  return (signature === '' ? call : call.set('Stripe-Signature', signature)).send(payload);
};
const eventOf = (type: string, object: object) =>
  JSON.stringify({ id: `evt_${newId()}`, object: 'event', type, data: { object } });
const about = (order: OrderData, stripeId: unknown, type = 'payment_intent.succeeded', more = {}) =>
  eventOf(type, { object: 'payment_intent', id: stripeId, metadata: { orderId: order.id }, ...more });
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

/** An order that a browser is about to pay, and its payment looked at by nobody for a while. */
const opened = async () => {
  const order = await payments.place();
  const { clientSecret } = (await payments.open(order).expect(201)).body as { clientSecret: string };
  return { order, clientSecret, stripeId: clientSecret.split('_secret_')[0] };
};

test('what Stripe says happened is asked of Stripe, at once', async () => {
  const { order, clientSecret, stripeId } = await opened();
  await payments.confirmInBrowser(clientSecret);
  expect(await payments.settle()).toEqual([]);
  expect(await payments.payment(order)).toMatchObject({ status: 'awaiting' });
  const answer = await post(about(order, stripeId)).expect(200);
  expect(answer.body).toEqual({ received: true });
  await payments.settle();
  expect(await payments.payment(order)).toMatchObject({
    status: 'charged',
    event: { type: 'payment:created' },
  });
});

test('Stripe says paid, and it is not: nothing is believed that Stripe does not say when asked', async () => {
  const { order, stripeId } = await opened();
  await post(about(order, stripeId)).expect(200);
  await payments.settle();
  expect(await payments.payment(order)).toMatchObject({ status: 'awaiting' });
  expect((await payments.payment(order))?.event).toBeUndefined();
});

test('replays and what comes late change nothing', async () => {
  const { order, clientSecret, stripeId } = await opened();
  await payments.confirmInBrowser(clientSecret);
  await payments.settleNow(order);
  const paid = await payments.payment(order);
  expect(paid).toMatchObject({ status: 'charged' });
  const kinds = ['succeeded', 'payment_failed', 'canceled'].map((kind) => `payment_intent.${kind}`);
  const bodies = kinds.map((type) => about(order, stripeId, type));
  await Promise.all([...bodies, ...bodies, ...bodies].map((body) => post(body).expect(200)));
  await payments.settle();
  expect(await payments.payment(order)).toEqual(paid);
});

test.each(['payment_failed', 'canceled', 'succeeded'])(
  'a late %s while an attempt is alive does not end it',
  async (kind) => {
    const order = await payments.place();
    await payments.pay(order, { token: 'tok_chargeDeclined' }).expect(400);
    const { stripeId } = (await payments.payment(order)) ?? {};
    payments.emulator.setFaults({ latencyMs: 100 });
    const paying = payments.pay(order).then((answer) => answer);
    await eventually(async () => {
      expect(await payments.payment(order)).toMatchObject({ status: 'claimed' });
    });
    await post(about(order, stripeId, `payment_intent.${kind}`)).expect(200);
    if (kind !== 'succeeded')
      expect(await payments.payment(order)).toMatchObject({ status: 'claimed', tries: 0 });
    await payments.settle();
    payments.emulator.setFaults({ latencyMs: 0 });
    expect((await paying).status).toBe(201);
    expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
  },
);

test('taken for refused, and charged after all: the webhook brings it to light', async () => {
  const order = await payments.place();
  await payments.pay(order, { token: 'tok_chargeDeclined' }).expect(400);
  const { stripeId } = (await payments.payment(order)) ?? {};
  await payments.stripe.charge(String(stripeId), 'tok_visa', `late-${order.id}`);
  await payments.settle();
  expect(await payments.payment(order)).toMatchObject({ status: 'declined' });
  await post(about(order, stripeId)).expect(200);
  await payments.settle();
  expect(await payments.payment(order)).toMatchObject({ status: 'charged' });
});

test('a refused payment of which Stripe says the same stays refused', async () => {
  const order = await payments.place();
  await payments.pay(order, { token: 'tok_chargeDeclined' }).expect(400);
  const before = await payments.payment(order);
  await post(about(order, before?.stripeId, 'payment_intent.payment_failed')).expect(200);
  expect(await payments.payment(order)).toEqual(before);
});

test('a cancellation that hangs is gone on with; a charge refunded by somebody else changes no order', async () => {
  const order = await payments.place();
  await payments.pay(order).expect(201);
  const { stripeId } = (await payments.payment(order)) ?? {};
  const refunded = eventOf('charge.refunded', {
    object: 'charge',
    id: 'ch_1',
    payment_intent: stripeId,
    refunded: true,
    metadata: { orderId: order.id },
  });
  const paid = await payments.payment(order);
  await post(refunded).expect(200);
  expect(await payments.payment(order)).toEqual(paid);

  payments.emulator.setFaults({ dropNext: 2 });
  await payments.cancel(order);
  expect(await payments.settle()).toHaveLength(1);
  await post(refunded).expect(200);
  expect(await payments.settle()).toEqual([]);
  expect(await payments.payment(order)).toMatchObject({ status: 'refunded' });
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 1999 });
});

test("an intent that is not this order's, an order that nobody knows, other makers' objects, other kinds: 200, and nothing", async () => {
  const { order, stripeId } = await opened();
  const before = await payments.payment(order);
  const bodies = [
    about(order, 'pi_of_somebody_else'),
    about({ ...order, id: newId() }, stripeId),
    about({ ...order, id: 'no id at all' }, stripeId),
    eventOf('payment_intent.succeeded', { object: 'payment_intent', id: stripeId, metadata: {} }),
    eventOf('payment_intent.succeeded', { object: 'payment_intent', id: stripeId }),
    about(order, { $gt: '' }),
    about({ ...order, id: { $gt: '' } as unknown as string }, stripeId),
    JSON.stringify({ id: 'evt_1', type: 'payment_intent.succeeded', data: null }),
    about(order, stripeId, 'customer.created'),
    about(order, stripeId, '__proto__'),
  ];
  for (const body of bodies) await post(body).expect(200);
  expect(await payments.payment(order)).toEqual(before);
});

describe('not believed:', () => {
  const body = () => eventOf('payment_intent.succeeded', {});
  test.each<[string, () => PromiseLike<{ status: number; body: unknown }>]>([
    ['without a signature', () => post(body(), '')],
    ['with another secret', () => post(body(), sign(body(), { secret: 'whsec_other' }))],
    ['with the signature of another body', () => post(body(), sign(body()))],
    ['with a signature that is none', () => post(body(), 't=1,v1=00')],
    ['with no more than a time', () => post(body(), `t=${inSeconds(0)}`)],
    ['six minutes old', () => postSigned(body(), -360)],
    ['signed, and not JSON', () => post('{"id":')],
    ['signed, and no event', () => post('[]')],
    ['signed, and null', () => post('null')],
    ['signed, and empty', () => post('')],
  ])('%s', async (_what, send) => {
    expect(refusalIn(await send())).toEqual(unverified);
  });
  const postSigned = (payload: string, seconds: number) =>
    post(payload, sign(payload, { timestamp: inSeconds(seconds) }));

  test('a body that is too large is not even read', async () => {
    expect(refusalIn(await post(JSON.stringify({ id: 'x'.repeat(1_100_000) })))).toEqual([
      413,
      'request.too_large',
    ]);
  });

  test('of another form than JSON: the signature decides, not the header', async () => {
    const payload = about(await payments.place(), 'pi_1');
    const send = (type: string) =>
      request(payments.server())
        .post('/api/payments/webhook')
        .set('Content-Type', type)
        .set('Stripe-Signature', sign(payload))
        .send(Buffer.from(payload).toString());
    await send('text/plain').expect(200);
  });
});

test('nobody reads here, and there is nothing below', async () => {
  const get = await request(payments.server()).get('/api/payments/webhook');
  expect(get.status).toBeGreaterThanOrEqual(400);
  const below = await request(payments.server()).post('/api/payments/webhook/x');
  expect(refusalIn(below)[0]).toBeGreaterThanOrEqual(400);
});

test('from the emulator, signed and sent by itself: a payment is complete though nobody asks and nothing is due', async () => {
  const live = await PaymentsUnderTest.start({ sendsWebhooks: true, parts: ['settlement'] });
  try {
    const order = await live.place();
    const { clientSecret } = (await live.open(order).expect(201)).body as { clientSecret: string };
    const due = (await live.payment(order))?.dueAt;
    expect(Number(due) - Date.now()).toBeGreaterThan(5000);
    await live.confirmInBrowser(clientSecret, 'tok_chargeDeclined');
    await live.confirmInBrowser(clientSecret);
    await eventually(async () => {
      expect(await live.payment(order)).toMatchObject({ status: 'charged' });
    }, 4000);
    expect(live.money(order)).toEqual({ charged: 1999, refunded: 0 });
  } finally {
    await live.stop();
  }
});
