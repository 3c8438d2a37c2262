import type Stripe from 'stripe';
import { refusalOf, startWithClient } from './testing';

const good = { number: '4242424242424242', exp_month: 12, exp_year: 2099 - 30, cvc: '123' };

test('A method made of a test card’s number pays', async () => {
  const { stripe } = await startWithClient();
  const method = await stripe.paymentMethods.create({
    type: 'card',
    card: good,
    billing_details: { name: 'Ada' },
    metadata: { userId: 'u1' },
  });
  expect(method).toMatchObject({
    billing_details: { name: 'Ada' },
    card: { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2069, funding: 'credit' },
    metadata: { userId: 'u1' },
    type: 'card',
  });
  expect(JSON.stringify(method)).not.toContain(good.number);
  expect(await stripe.paymentMethods.retrieve(method.id)).toMatchObject({ id: method.id });
  const intent = await stripe.paymentIntents.create({
    amount: 1999,
    currency: 'usd',
    confirm: true,
    payment_method: method.id,
    allowed_payment_method_types: ['card'],
  });
  expect(intent).toMatchObject({ status: 'succeeded', payment_method: method.id });
});

test('A method made of a token behaves as its card', async () => {
  const { stripe } = await startWithClient();
  const card = { token: 'tok_mastercard' };
  expect(await stripe.paymentMethods.create({ type: 'card', card })).toMatchObject({
    card: { brand: 'mastercard', last4: '4444' },
  });
});

test.each([
  ['4000000000000002', 'generic_decline'],
  ['4000 0000 0000 9995', 'insufficient_funds'],
])('The card %s is taken, and declined when it is charged', async (number, declineCode) => {
  const { stripe } = await startWithClient();
  const method = await stripe.paymentMethods.create({ type: 'card', card: { ...good, number } });
  const refusal = await refusalOf(
    stripe.paymentIntents.create({
      amount: 500,
      currency: 'usd',
      confirm: true,
      payment_method: method.id,
      allowed_payment_method_types: ['card'],
    }),
  );
  expect(refusal).toMatchObject({ code: 'card_declined', decline_code: declineCode });
});

test.each<[string, Stripe.PaymentMethodCreateParams.Card, string]>([
  ['a number that is none', { ...good, number: '4242424242424241' }, 'incorrect_number'],
  ['a real card', { ...good, number: '4111111111111111' }, 'card_declined'],
  ['a thirteenth month', { ...good, exp_month: 13 }, 'invalid_expiry_month'],
  ['a year that is over', { ...good, exp_year: 2020 }, 'invalid_expiry_year'],
  ['two digits of security code', { ...good, cvc: '12' }, 'invalid_cvc'],
])('%s is refused as a card error', async (_what, card, code) => {
  const { stripe } = await startWithClient();
  const refusal = await refusalOf(stripe.paymentMethods.create({ type: 'card', card }));
  expect(refusal).toMatchObject({ statusCode: 402, rawType: 'card_error', code });
});

test('What is no card, or no method, is refused', async () => {
  const { stripe } = await startWithClient();
  expect(await refusalOf(stripe.paymentMethods.create({ type: 'ideal' }))).toMatchObject({ param: 'type' });
  expect(await refusalOf(stripe.paymentMethods.create({ type: 'card' }))).toMatchObject({ param: 'card' });
  expect(await refusalOf(stripe.paymentMethods.retrieve('pm_x'))).toMatchObject({ statusCode: 404 });
});
