import { clientOf, paymentBy, refusalOf, start, startWithClient } from './testing';

const idempotencyKey = 'order-1-attempt-1';

test('The same key is answered the same, charges once and says that it is a replay', async () => {
  const { stripe, emulator } = await startWithClient();
  const first = await stripe.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey });
  const second = await stripe.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey });
  expect(second).toEqual(first);
  expect(first.lastResponse.headers).not.toHaveProperty('idempotent-replayed');
  expect(second.lastResponse.headers).toMatchObject({
    'idempotent-replayed': 'true',
    'idempotency-key': idempotencyKey,
    'original-request': first.lastResponse.requestId,
  });
  expect(emulator.charges()).toHaveLength(1);
});

test('A declined card is replayed as declined, without another attempt', async () => {
  const { stripe } = await startWithClient();
  const pay = (): Promise<unknown> =>
    stripe.paymentIntents.create(paymentBy('tok_chargeDeclined'), { idempotencyKey });
  const first = await refusalOf(pay());
  const second = await refusalOf(pay());
  expect(second).toMatchObject({ statusCode: 402, code: 'card_declined' });
  expect(second.headers).toMatchObject({ 'idempotent-replayed': 'true' });
  expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
  expect((await stripe.charges.list()).data).toHaveLength(1);
});

test('The same key for something else is an idempotency error', async () => {
  const { stripe, emulator } = await startWithClient();
  await stripe.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey });
  const other = await refusalOf(
    stripe.paymentIntents.create(paymentBy('tok_mastercard'), { idempotencyKey }),
  );
  expect(other).toMatchObject({
    type: 'StripeIdempotencyError',
    rawType: 'idempotency_error',
    statusCode: 400,
  });
  expect(other.message).toMatch(/^Keys for idempotent requests can only be used with the same parameters/);
  const elsewhere = await refusalOf(stripe.refunds.create({ charge: 'ch_x' }, { idempotencyKey }));
  expect(elsewhere).toMatchObject({ rawType: 'idempotency_error', statusCode: 400 });
  expect(elsewhere.message).toMatch(/only be used for the same endpoint/);
  expect(emulator.charges()).toHaveLength(1);
});

test('Of two simultaneous requests with one key one works, and the other learns that the key is in use', async () => {
  const { stripe, emulator } = await startWithClient();
  emulator.setFaults({ latencyMs: 100 });
  const pay = (): Promise<unknown> => stripe.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey });
  const outcomes = await Promise.allSettled([pay(), pay(), pay()]);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused).toHaveLength(2);
  for (const { reason } of refused) {
    expect(reason).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
  }
  expect(emulator.charges()).toHaveLength(1);
});

test('The SDK’s retries turn twenty simultaneous clicks into one payment and twenty same answers', async () => {
  const emulator = await start();
  const stripe = clientOf(emulator, { maxNetworkRetries: 3 });
  const clicks = Array.from({ length: 20 }, () =>
    stripe.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey }),
  );
  const ids = (await Promise.all(clicks)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(1);
  expect(emulator.charges()).toMatchObject([{ charged: 1999 }]);
});

test('Invalid parameters do not use up the key', async () => {
  const { stripe } = await startWithClient();
  await refusalOf(stripe.paymentIntents.create(paymentBy('tok_visa', { amount: 1 }), { idempotencyKey }));
  const corrected = await stripe.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey });
  expect(corrected.status).toBe('succeeded');
});

test('A refused confirmation is kept under its key', async () => {
  const { stripe } = await startWithClient();
  const { id } = await stripe.paymentIntents.create(paymentBy('tok_visa'));
  const confirm = (): Promise<unknown> => stripe.paymentIntents.confirm(id, {}, { idempotencyKey });
  await refusalOf(confirm());
  const replayed = await refusalOf(confirm());
  expect(replayed.code).toBe('payment_intent_unexpected_state');
  expect(replayed.headers).toMatchObject({ 'idempotent-replayed': 'true' });
});

test('A refund is made once for a key', async () => {
  const { stripe, emulator } = await startWithClient();
  const { id } = await stripe.paymentIntents.create(paymentBy('tok_visa'));
  const refund = { payment_intent: id, amount: 500 };
  const first = await stripe.refunds.create(refund, { idempotencyKey });
  const second = await stripe.refunds.create(refund, { idempotencyKey });
  expect(second.id).toBe(first.id);
  expect(emulator.charges()).toMatchObject([{ refunded: 500 }]);
});

test('A key is forgotten after 24 hours', async () => {
  let now = Date.now();
  const { stripe } = await startWithClient({ now: () => now });
  const pay = async (): Promise<string> =>
    (await stripe.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey })).id;
  const first = await pay();
  now += 24 * 60 * 60 * 1000 - 1;
  expect(await pay()).toBe(first);
  now += 1;
  expect(await pay()).not.toBe(first);
});
