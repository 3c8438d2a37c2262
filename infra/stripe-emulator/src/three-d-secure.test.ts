import type Stripe from 'stripe';
import { paymentBy, refusalOf, startWithClient } from './testing';

const returnUrl = 'http://shop.test/orders/1?from=payment';

async function answerPage(page: string, outcome: string): Promise<Response> {
  const url = new URL(page);
  const html = await (await fetch(url)).text();
  expect(html).toContain('Complete</button>');
  expect(html).toContain('Fail</button>');
  const body = new URLSearchParams({ outcome, return_url: url.searchParams.get('return_url') ?? '' });
  return fetch(url, { method: 'POST', body, redirect: 'manual' });
}

const pageOf = (intent: Stripe.PaymentIntent): string => intent.next_action?.redirect_to_url?.url ?? '';

test.each(['pm_card_threeDSecure2Required', 'pm_card_authenticationRequired'])(
  '%s asks the cardholder, and is charged once they agree',
  async (method) => {
    const { stripe, emulator } = await startWithClient();
    const intent = await stripe.paymentIntents.create({
      amount: 1999,
      currency: 'usd',
      confirm: true,
      payment_method: method,
      return_url: returnUrl,
    });
    expect(intent).toMatchObject({
      status: 'requires_action',
      latest_charge: null,
      next_action: { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl } },
    });
    expect(emulator.charges()).toMatchObject([{ charged: 0 }]);

    const answered = await answerPage(pageOf(intent), 'complete');
    expect(answered.status).toBe(303);
    const location = new URL(answered.headers.get('location') ?? '');
    expect(location.href).toContain(returnUrl);
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      payment_intent: intent.id,
      payment_intent_client_secret: intent.client_secret,
      redirect_status: 'succeeded',
    });
    const paid = await stripe.paymentIntents.retrieve(intent.id);
    expect(paid).toMatchObject({ status: 'succeeded', next_action: null });

    const twice = await fetch(pageOf(intent), {
      method: 'POST',
      body: new URLSearchParams({ outcome: 'complete' }),
    });
    expect(await twice.text()).toContain('succeeded');
    expect(emulator.charges()).toMatchObject([{ charged: 1999 }]);
  },
);

test('A cardholder who fails leaves the intent waiting for another card', async () => {
  const { stripe, emulator } = await startWithClient();
  const params = paymentBy('tok_threeDSecure2Required', { return_url: returnUrl });
  const intent = await stripe.paymentIntents.create(params);
  const answered = await answerPage(pageOf(intent), 'fail');
  expect(answered.headers.get('location')).toContain('redirect_status=failed');
  const failed = await stripe.paymentIntents.retrieve(intent.id);
  expect(failed).toMatchObject({
    status: 'requires_payment_method',
    payment_method: null,
    last_payment_error: { code: 'payment_intent_authentication_failure' },
  });
  expect(emulator.charges()).toMatchObject([{ charged: 0 }]);
});

test('A card may be declined after the cardholder agreed', async () => {
  const { stripe } = await startWithClient();
  const params = paymentBy('tok_threeDSecureRequiredChargeDeclined', { return_url: returnUrl });
  const intent = await stripe.paymentIntents.create(params);
  const answered = await answerPage(pageOf(intent), 'complete');
  expect(answered.headers.get('location')).toContain('redirect_status=failed');
  const failed = await stripe.paymentIntents.retrieve(intent.id);
  expect(failed.last_payment_error).toMatchObject({ code: 'card_declined' });
});

test('Without a return_url the action is for Stripe’s own script', async () => {
  const { stripe } = await startWithClient();
  const intent = await stripe.paymentIntents.create(paymentBy('tok_threeDSecure2Required'));
  expect(intent).toMatchObject({ status: 'requires_action', next_action: { type: 'use_stripe_sdk' } });
});

test('A waiting intent can be canceled, and the page charges nothing afterwards', async () => {
  const { stripe, emulator } = await startWithClient();
  const params = paymentBy('tok_threeDSecure2Required', { return_url: returnUrl });
  const intent = await stripe.paymentIntents.create(params);
  expect((await stripe.paymentIntents.cancel(intent.id)).next_action).toBeNull();
  const body = new URLSearchParams({ outcome: 'complete', return_url: returnUrl });
  const late = await fetch(pageOf(intent), { method: 'POST', body, redirect: 'manual' });
  expect(late.headers.get('location')).toContain('redirect_status=failed');
  expect(emulator.charges()).toMatchObject([{ charged: 0, status: 'canceled' }]);
});

test('A caller that cannot ask anybody is declined instead', async () => {
  const { stripe } = await startWithClient();
  const params = paymentBy('tok_threeDSecure2Required', { error_on_requires_action: true });
  expect(await refusalOf(stripe.paymentIntents.create(params))).toMatchObject({
    statusCode: 402,
    code: 'authentication_required',
  });
});

test.each(['4000002500003155', '4000002760003184'])('The card %s wants authentication', async (number) => {
  const { stripe } = await startWithClient();
  const card = { number, exp_month: 1, exp_year: 2060, cvc: '123' };
  const { id } = await stripe.paymentMethods.create({ type: 'card', card });
  const params = { amount: 500, currency: 'usd', confirm: true, payment_method: id, return_url: returnUrl };
  expect((await stripe.paymentIntents.create(params)).status).toBe('requires_action');
});
