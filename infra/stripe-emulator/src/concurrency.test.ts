import Stripe from 'stripe';
import { clientOf, paymentBy, refusalOf, start, startWithClient } from './testing';

const unconfirmed: Stripe.PaymentIntentCreateParams = {
  amount: 1999,
  currency: 'usd',
  allowed_payment_method_types: ['card'],
  payment_method: 'pm_card_visa',
};

function counted(outcomes: PromiseSettledResult<unknown>[]): { done: number; codes: unknown[] } {
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  const codes = refused.map(({ reason }) => (reason as Stripe.errors.StripeError).code);
  return { done: outcomes.length - refused.length, codes };
}

test('Twenty confirmations of one intent charge once; the others find it succeeded', async () => {
  const { stripe, emulator } = await startWithClient();
  const { id } = await stripe.paymentIntents.create(unconfirmed);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => stripe.paymentIntents.confirm(id)),
  );
  const { done, codes } = counted(outcomes);
  expect(done).toBe(1);
  expect(new Set(codes)).toEqual(new Set(['payment_intent_unexpected_state']));
  expect(emulator.charges()).toMatchObject([{ charged: 1999 }]);
  expect((await stripe.charges.list({ payment_intent: id })).data).toHaveLength(1);
});

test('Of a confirmation and a cancellation exactly one wins, whoever comes first', async () => {
  const { stripe, emulator } = await startWithClient();
  for (let round = 0; round < 25; round += 1) {
    const { id } = await stripe.paymentIntents.create(unconfirmed);
    const race = [() => stripe.paymentIntents.confirm(id), () => stripe.paymentIntents.cancel(id)];
    if (round % 2 === 0) race.reverse();
    expect(counted(await Promise.allSettled(race.map((run) => run()))).done).toBe(1);
  }
  const rows = emulator.charges();
  expect(rows.filter(({ status, charged }) => charged !== (status === 'succeeded' ? 1999 : 0))).toEqual([]);
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['succeeded', 'canceled']));
});

test('Ten refunds of one payment, by intent and by charge, give back what was charged and no more', async () => {
  const { stripe, emulator } = await startWithClient();
  const { id, latest_charge } = await stripe.paymentIntents.create(paymentBy('tok_visa'));
  const charge = latest_charge as string;
  const refunds = Array.from({ length: 10 }, (_, number) =>
    stripe.refunds.create(number % 2 === 0 ? { payment_intent: id } : { charge }),
  );
  const { done, codes } = counted(await Promise.allSettled(refunds));
  expect(done).toBe(1);
  expect(new Set(codes)).toEqual(new Set(['charge_already_refunded']));
  expect(emulator.charges()).toMatchObject([{ charged: 1999, refunded: 1999 }]);
});

test('Who waits too long for an intent gets lock_timeout, and asking again helps', async () => {
  const emulator = await start({ lockTimeoutMs: 30 });
  const stripe = clientOf(emulator);
  const { id } = await stripe.paymentIntents.create(unconfirmed);
  emulator.setFaults({ latencyMs: 200 });
  const outcomes = Promise.allSettled([stripe.paymentIntents.confirm(id), stripe.paymentIntents.confirm(id)]);
  const refused = (await outcomes).filter((outcome) => outcome.status === 'rejected');
  expect(refused).toHaveLength(1);
  expect(refused[0]?.reason).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
  expect(refused[0]?.reason).toMatchObject({
    statusCode: 429,
    code: 'lock_timeout',
    headers: { 'stripe-should-retry': 'true' },
  });
  emulator.setFaults({ latencyMs: 0 });
  expect((await refusalOf(stripe.paymentIntents.confirm(id))).code).toBe('payment_intent_unexpected_state');
  expect(emulator.charges()).toMatchObject([{ charged: 1999 }]);
});

test('A refund by charge waits for one by intent', async () => {
  const emulator = await start({ lockTimeoutMs: 30 });
  const stripe = clientOf(emulator);
  const { id, latest_charge } = await stripe.paymentIntents.create(paymentBy('tok_visa'));
  emulator.setFaults({ latencyMs: 200 });
  const outcomes = await Promise.allSettled([
    stripe.refunds.create({ payment_intent: id }),
    stripe.refunds.create({ charge: latest_charge as string }),
  ]);
  expect(counted(outcomes)).toEqual({ done: 1, codes: ['lock_timeout'] });
});
