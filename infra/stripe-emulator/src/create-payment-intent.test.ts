import Stripe from 'stripe';
import { paymentBy, refusalOf, startWithClient } from './testing';

test('A confirmed intent with a good token is charged at once', async () => {
  const { stripe, emulator } = await startWithClient();
  const intent = await stripe.paymentIntents.create(paymentBy('tok_visa', { metadata: { orderId: 'o1' } }));
  expect(intent).toMatchObject({
    object: 'payment_intent',
    amount: 1999,
    amount_received: 1999,
    currency: 'usd',
    livemode: false,
    metadata: { orderId: 'o1' },
    status: 'succeeded',
  });
  expect(intent.id).toMatch(/^pi_\w{20,}$/);
  expect(intent.client_secret).toMatch(new RegExp(`^${intent.id}_secret_\\w+$`));
  expect(intent.payment_method).toMatch(/^pm_/);

  const charge = await stripe.charges.retrieve(intent.latest_charge as string);
  expect(charge).toMatchObject({
    amount: 1999,
    amount_refunded: 0,
    metadata: { orderId: 'o1' },
    paid: true,
    payment_intent: intent.id,
    refunded: false,
    status: 'succeeded',
  });
  expect(charge.payment_method_details?.card).toMatchObject({ brand: 'visa', last4: '4242' });
  expect(emulator.charges()).toEqual([
    {
      payment_intent: intent.id,
      orderId: 'o1',
      amount: 1999,
      currency: 'usd',
      status: 'succeeded',
      charged: 1999,
      refunded: 0,
    },
  ]);
});

test.each(['tok_visa', 'tok_mastercard', 'tok_amex'])('%s pays, as often as it is used', async (token) => {
  const { stripe } = await startWithClient();
  for (let time = 0; time < 2; time += 1) {
    expect((await stripe.paymentIntents.create(paymentBy(token))).status).toBe('succeeded');
  }
});

test.each(['pm_card_visa', 'pm_card_mastercard'])('%s pays as a method of its own', async (name) => {
  const { stripe } = await startWithClient();
  const intent = await stripe.paymentIntents.create({
    amount: 500,
    currency: 'EUR',
    confirm: true,
    payment_method: name,
    allowed_payment_method_types: ['card'],
    description: 'A ticket',
  });
  expect(intent).toMatchObject({ status: 'succeeded', currency: 'eur', description: 'A ticket' });
  expect(intent.payment_method).not.toBe(name);
});

test.each([
  ['tok_chargeDeclined', 'card_declined', 'generic_decline', 'Your card was declined.'],
  [
    'tok_chargeDeclinedInsufficientFunds',
    'card_declined',
    'insufficient_funds',
    'Your card has insufficient funds.',
  ],
  ['tok_chargeDeclinedExpiredCard', 'expired_card', 'expired_card', 'Your card has expired.'],
  [
    'tok_chargeDeclinedIncorrectCvc',
    'incorrect_cvc',
    'incorrect_cvc',
    "Your card's security code is incorrect.",
  ],
  [
    'tok_chargeDeclinedProcessingError',
    'processing_error',
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
  ],
])(
  '%s is declined with %s, and the intent can be paid with another card',
  async (token, code, decline, text) => {
    const { stripe, emulator } = await startWithClient();
    const refusal = await refusalOf(stripe.paymentIntents.create(paymentBy(token)));
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(refusal).toMatchObject({ statusCode: 402, rawType: 'card_error', code, decline_code: decline });
    expect(refusal.message).toBe(text);

    const inError = refusal.payment_intent;
    expect(inError).toMatchObject({ status: 'requires_payment_method', payment_method: null });
    const intent = await stripe.paymentIntents.retrieve(inError?.id ?? '');
    expect(intent.last_payment_error).toMatchObject({ code, decline_code: decline, type: 'card_error' });
    expect(intent.last_payment_error?.charge).toBe(intent.latest_charge);
    expect(await stripe.charges.retrieve(intent.latest_charge as string)).toMatchObject({
      failure_code: code,
      paid: false,
      status: 'failed',
    });
    expect(emulator.charges()).toMatchObject([{ charged: 0 }]);

    const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null });
    expect((await stripe.charges.list({ payment_intent: intent.id })).data).toHaveLength(2);
    expect(emulator.charges()).toMatchObject([{ charged: 1999 }]);
  },
);

test('An unconfirmed intent waits for a method, then for its confirmation', async () => {
  const { stripe, emulator } = await startWithClient();
  const create = { amount: 1000, currency: 'usd', allowed_payment_method_types: ['card'] };
  expect((await stripe.paymentIntents.create(create)).status).toBe('requires_payment_method');
  const intent = await stripe.paymentIntents.create({ ...create, payment_method: 'pm_card_visa' });
  expect(intent).toMatchObject({ status: 'requires_confirmation', latest_charge: null, amount_received: 0 });
  expect(emulator.charges().map((row) => row.charged)).toEqual([0, 0]);
});

test.each([
  ['an amount of zero', { amount: 0 }, 'parameter_invalid_integer', 'amount'],
  ['a fraction of a cent', { amount: 19.99 }, 'parameter_invalid_integer', 'amount'],
  ['less than the minimum', { amount: 49 }, 'amount_too_small', 'amount'],
  ['more than the maximum', { amount: 100_000_000 }, 'amount_too_large', 'amount'],
  ['an unknown currency', { currency: 'zzz' }, undefined, 'currency'],
  ['a misspelt parameter', { metdata: { orderId: '1' } }, 'parameter_unknown', 'metdata'],
  ['a long metadata value', { metadata: { orderId: 'x'.repeat(501) } }, undefined, 'metadata[orderId]'],
])('%s is refused, and nothing is made', async (_what, params: object, code, param) => {
  const { stripe, emulator } = await startWithClient();
  const refusal = await refusalOf(stripe.paymentIntents.create({ ...paymentBy('tok_visa'), ...params }));
  expect(refusal).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
  expect(refusal).toMatchObject({ statusCode: 400, rawType: 'invalid_request_error', code, param });
  expect(emulator.charges()).toEqual([]);
});

test('A missing amount is named', async () => {
  const { stripe } = await startWithClient();
  const params = { currency: 'usd' } as Stripe.PaymentIntentCreateParams;
  const refusal = await refusalOf(stripe.paymentIntents.create(params));
  expect(refusal).toMatchObject({ code: 'parameter_missing', message: 'Missing required param: amount.' });
});

test('A token or method that Stripe does not know is refused where it stands', async () => {
  const { stripe } = await startWithClient();
  expect(await refusalOf(stripe.paymentIntents.create(paymentBy('tok_nonsense')))).toMatchObject({
    code: 'resource_missing',
    message: "No such token: 'tok_nonsense'",
    param: 'payment_method_data[card][token]',
    statusCode: 400,
  });
  const params = { amount: 500, currency: 'usd', payment_method: 'pm_nonsense' };
  expect(await refusalOf(stripe.paymentIntents.create(params))).toMatchObject({
    code: 'resource_missing',
    param: 'payment_method',
    statusCode: 400,
  });
});

test('Confirming with redirecting methods allowed wants a return_url, as Stripe does by default', async () => {
  const { stripe } = await startWithClient();
  const params = { amount: 500, currency: 'usd', confirm: true, payment_method: 'pm_card_visa' };
  const refusal = await refusalOf(stripe.paymentIntents.create(params));
  expect(refusal.message).toMatch(/you must provide a `return_url`/);
  const intent = await stripe.paymentIntents.create({ ...params, return_url: 'https://example.test/back' });
  expect(intent.status).toBe('succeeded');
});

test('payment_method_types is refused by the API version of this SDK, and taken by an older one', async () => {
  const { stripe } = await startWithClient();
  const params = {
    amount: 500,
    currency: 'usd',
    payment_method_types: ['card'],
  } as Stripe.PaymentIntentCreateParams;
  expect(await refusalOf(stripe.paymentIntents.create(params))).toMatchObject({
    statusCode: 400,
    code: 'payment_method_types_no_longer_supported',
  });
  const older = await stripe.paymentIntents.create(params, { apiVersion: '2025-03-31.basil' });
  expect(older).toMatchObject({ payment_method_types: ['card'], automatic_payment_methods: null });
});

test.each([
  [
    { allowed_payment_method_types: ['card'], automatic_payment_methods: { enabled: true } },
    /only specify one/,
  ],
  [{ allowed_payment_method_types: ['ideal'] }, /No payment method is left/],
])('Of ways to say what may pay, %j is refused', async (more: object, message) => {
  const { stripe } = await startWithClient();
  const refusal = await refusalOf(stripe.paymentIntents.create({ amount: 500, currency: 'usd', ...more }));
  expect(refusal.message).toMatch(message);
});
