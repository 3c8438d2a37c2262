// The door to Stripe, against the emulator: what is repeated happens once, and what fails can be tried again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Unavailable } from '@ticketing/common';
import { newId } from '@ticketing/common/testing';
import { startStripeEmulator, type StripeEmulator } from '@ticketing/stripe-emulator';
import { AmountNotChargeable } from '../payments/refusals';
import { StripeCharges } from './stripe-charges';

const key = 'sk_test_payments';
let folder: string;
let emulator: StripeEmulator;
let stripe: StripeCharges;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ticketing-test-'));
  emulator = await startStripeEmulator({ dataFile: join(folder, 'stripe.jsonl') });
  stripe = new StripeCharges(key, emulator.url);
});
afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  emulator.setFaults({ latencyMs: 0, failNext: 0, dropNext: 0 });
});

/** A new intent over 19.99, and what Stripe knows about it. */
async function newIntent() {
  const orderId = newId();
  const stripeId = await stripe.open(orderId, 1999, `${orderId}-open`);
  const row = () => emulator.charges().find(({ payment_intent }) => payment_intent === stripeId);
  return { orderId, stripeId, row };
}

test('an intent names its order, its amount and its currency', async () => {
  const { orderId, row } = await newIntent();
  expect(row()).toMatchObject({ orderId, amount: 1999, currency: 'usd', charged: 0, refunded: 0 });
});

test('an intent asked for again with the same key is the same one', async () => {
  const { orderId, stripeId } = await newIntent();
  expect(await stripe.open(orderId, 1999, `${orderId}-open`)).toBe(stripeId);
});

test('a charge repeated with its key, or another one, is made once', async () => {
  const { stripeId, row } = await newIntent();
  expect(await stripe.charge(stripeId, 'tok_visa', `${stripeId}-1`)).toEqual({ is: 'charged' });
  expect(await stripe.charge(stripeId, 'tok_visa', `${stripeId}-1`)).toEqual({ is: 'charged' });
  expect(await stripe.charge(stripeId, 'tok_mastercard', `${stripeId}-2`)).toEqual({ is: 'charged' });
  expect(row()).toMatchObject({ charged: 1999 });
});

test('an intent passes from open to charged, or to ended', async () => {
  const [paid, ended] = [await newIntent(), await newIntent()];
  expect(await stripe.look(paid.stripeId)).toMatchObject({ state: 'open' });
  await stripe.charge(paid.stripeId, 'tok_chargeDeclined', `${paid.stripeId}-1`);
  expect(await stripe.look(paid.stripeId)).toMatchObject({ state: 'open' });
  await stripe.charge(paid.stripeId, 'tok_threeDSecure2Required', `${paid.stripeId}-2`);
  expect(await stripe.look(paid.stripeId)).toMatchObject({ state: 'open' });
  await stripe.charge(paid.stripeId, 'tok_visa', `${paid.stripeId}-3`);
  expect(await stripe.look(paid.stripeId)).toMatchObject({ state: 'charged' });
  await stripe.end(ended.stripeId);
  expect(await stripe.look(ended.stripeId)).toMatchObject({ state: 'ended' });
});

test('an ended intent charges nothing, and a charged one does not end', async () => {
  const [paid, ended] = [await newIntent(), await newIntent()];
  await stripe.end(ended.stripeId);
  expect(await stripe.charge(ended.stripeId, 'tok_visa', `${ended.stripeId}-1`)).toMatchObject({
    is: 'declined',
    why: 'unusable',
  });
  expect(ended.row()).toMatchObject({ charged: 0 });
  await stripe.charge(paid.stripeId, 'tok_visa', `${paid.stripeId}-1`);
  await expect(stripe.end(paid.stripeId)).rejects.toThrow();
  expect(await stripe.look(paid.stripeId)).toMatchObject({ state: 'charged' });
});

test('a refund is the whole amount, and is made once by whichever keys', async () => {
  const { stripeId, row } = await newIntent();
  await stripe.charge(stripeId, 'tok_visa', `${stripeId}-1`);
  await Promise.all(['a', 'b', 'c'].map((name) => stripe.refund(stripeId, `${stripeId}-${name}`)));
  await stripe.refund(stripeId, `${stripeId}-a`);
  expect(row()).toMatchObject({ charged: 1999, refunded: 1999 });
});

test('an amount beyond the limits of a card is refused by name', async () => {
  for (const amount of [49, 100_000_000]) {
    await expect(stripe.open(newId(), amount, `amount-${amount}`)).rejects.toThrow(AmountNotChargeable);
  }
});

test('a charge that is still being made elsewhere is unknown, not declined', async () => {
  const { stripeId, row } = await newIntent();
  // Longer than the SDK's own repetition takes.
  emulator.setFaults({ latencyMs: 2000 });
  const first = stripe.charge(stripeId, 'tok_visa', `${stripeId}-1`);
  await expect(stripe.charge(stripeId, 'tok_visa', `${stripeId}-1`)).rejects.toThrow(Unavailable);
  expect(await first).toEqual({ is: 'charged' });
  expect(row()).toMatchObject({ charged: 1999 });
});

test('nobody at the address is Unavailable at every step', async () => {
  const nobody = new StripeCharges(key, 'http://127.0.0.1:1');
  await expect(nobody.open(newId(), 1999, 'a')).rejects.toThrow(Unavailable);
  await expect(nobody.charge('pi_1', 'tok_visa', 'b')).rejects.toThrow(Unavailable);
  await expect(nobody.look('pi_1')).rejects.toThrow(Unavailable);
  await expect(nobody.end('pi_1')).rejects.toThrow(Unavailable);
  await expect(nobody.refund('pi_1', 'c')).rejects.toThrow(Unavailable);
});

test('Stripe restarted in between remembers: what was charged is not charged again, and can be paid back', async () => {
  const { orderId, stripeId, row } = await newIntent();
  await stripe.charge(stripeId, 'tok_visa', `${stripeId}-1`);
  const { port } = emulator;
  await emulator.close();
  await expect(stripe.look(stripeId)).rejects.toThrow(Unavailable);
  emulator = await startStripeEmulator({ port, dataFile: join(folder, 'stripe.jsonl') });
  expect(await stripe.open(orderId, 1999, `${orderId}-open`)).toBe(stripeId);
  expect(await stripe.charge(stripeId, 'tok_visa', `${stripeId}-1`)).toEqual({ is: 'charged' });
  expect(await stripe.charge(stripeId, 'tok_visa', `${stripeId}-2`)).toEqual({ is: 'charged' });
  expect(row()).toMatchObject({ charged: 1999, refunded: 0 });
  await stripe.refund(stripeId, `${stripeId}-refund`);
  expect(row()).toMatchObject({ charged: 1999, refunded: 1999 });
});
