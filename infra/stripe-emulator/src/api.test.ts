import Stripe from 'stripe';
import { paymentBy, refusalOf, startWithClient } from './testing';

test.each([
  ['no key', '', /You did not provide an API key/],
  ['a key of no kind', 'nonsense', /Invalid API Key provided/],
  ['a live key', 'sk_live_51ofNobody', /takes test keys/],
  ['a publishable key', 'pk_test_local', /publishable API key/],
])('%s is refused with 401', async (_what, key, message) => {
  const { emulator } = await startWithClient();
  const response = await fetch(`${emulator.url}/v1/payment_intents`, {
    headers: { Authorization: `Bearer ${key}` },
  });
  const text = await response.text();
  expect(response.status).toBe(401);
  expect(text).toMatch(message);
  expect(text).not.toContain('HqLyjWDarjtT1');
});

test('The SDK sees a bad key as an authentication error', async () => {
  const { emulator } = await startWithClient();
  const stripe = new Stripe('sk_nonsense', { host: emulator.host, port: emulator.port, protocol: 'http' });
  expect(await refusalOf(stripe.paymentIntents.list())).toBeInstanceOf(
    Stripe.errors.StripeAuthenticationError,
  );
});

test('What is not here is said in Stripe’s words', async () => {
  const { stripe, emulator } = await startWithClient();
  const refusal = await refusalOf(stripe.customers.create({ name: 'Ada' }));
  expect(refusal).toMatchObject({ statusCode: 404, rawType: 'invalid_request_error' });
  expect(refusal.message).toMatch(/^Unrecognized request URL \(POST: \/v1\/customers\)/);
  expect(await refusalOf(stripe.paymentIntents.retrieve('pi_nonsense'))).toMatchObject({
    code: 'resource_missing',
    message: "No such payment_intent: 'pi_nonsense'",
    statusCode: 404,
  });

  const headers = { Authorization: 'Bearer sk_test_local', 'Content-Type': 'application/json' };
  const asJson = await fetch(`${emulator.url}/v1/refunds`, { method: 'POST', headers, body: '{}' });
  expect(asJson.status).toBe(400);
  expect(await asJson.text()).toContain('check that your POST content type is');
  const large = `description=${'x'.repeat(300_000)}`;
  const tooLarge = await fetch(`${emulator.url}/v1/refunds`, { method: 'POST', headers, body: large });
  expect(tooLarge.status).toBe(413);
});

test('Every answer names its request', async () => {
  const { stripe } = await startWithClient();
  const intent = await stripe.paymentIntents.create(paymentBy('tok_visa'));
  expect(intent.lastResponse.requestId).toMatch(/^req_/);
});

test('expand puts the charge and the method into the answer', async () => {
  const { stripe } = await startWithClient();
  const intent = await stripe.paymentIntents.create(
    paymentBy('tok_visa', { expand: ['latest_charge', 'payment_method'] }),
  );
  expect(intent.latest_charge).toMatchObject({ object: 'charge', amount: 1999 });
  expect(intent.payment_method).toMatchObject({ object: 'payment_method', type: 'card' });
  const { data } = await stripe.charges.list({ expand: ['data.payment_intent'] });
  expect(data[0]?.payment_intent).toMatchObject({ id: intent.id });
  const refusal = await refusalOf(stripe.paymentIntents.retrieve(intent.id, { expand: ['nonsense'] }));
  expect(refusal.message).toBe('This property cannot be expanded (nonsense).');
});
