import Stripe from 'stripe';
import { clientOf, paymentBy, refusalOf, start, startWithClient } from './testing';

const post = (url: string, faults: unknown): Promise<Response> =>
  fetch(`${url}/emulator/faults`, { method: 'POST', body: JSON.stringify(faults) });

test('A lost answer: the SDK asks again with its key, and the card is charged once', async () => {
  const emulator = await start();
  const stripe = clientOf(emulator, { maxNetworkRetries: 2 });
  emulator.setFaults({ dropNext: 2 });
  const intent = await stripe.paymentIntents.create(paymentBy('tok_visa'));
  expect(intent.status).toBe('succeeded');
  expect(intent.lastResponse.headers).toMatchObject({ 'idempotent-replayed': 'true' });
  expect(emulator.charges()).toMatchObject([{ payment_intent: intent.id, charged: 1999 }]);
});

test('An answer lost for good leaves the charge, and the same key finds it later', async () => {
  const emulator = await start();
  const stripe = clientOf(emulator);
  emulator.setFaults({ dropNext: 2 });
  const idempotencyKey = 'order-1';
  const lost = await refusalOf(stripe.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey }));
  expect(lost).toBeInstanceOf(Stripe.errors.StripeConnectionError);
  expect(emulator.charges()).toMatchObject([{ charged: 1999 }]);
  const found = await stripe.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey });
  expect(emulator.charges()).toMatchObject([{ payment_intent: found.id, charged: 1999 }]);
});

test('A failing answer does nothing, and the SDK’s retry does it', async () => {
  const emulator = await start();
  emulator.setFaults({ failNext: 1 });
  const failed = await refusalOf(clientOf(emulator).paymentIntents.create(paymentBy('tok_visa')));
  expect(failed).toMatchObject({ statusCode: 500, rawType: 'api_error' });
  expect(emulator.charges()).toEqual([]);

  emulator.setFaults({ failNext: 2 });
  await clientOf(emulator, { maxNetworkRetries: 2 }).paymentIntents.create(paymentBy('tok_visa'));
  expect(emulator.charges()).toHaveLength(1);
});

test('Reading is never failed or dropped', async () => {
  const { stripe, emulator } = await startWithClient();
  emulator.setFaults({ failNext: 1, dropNext: 1 });
  expect((await stripe.paymentIntents.list()).data).toEqual([]);
  const left = await fetch(`${emulator.url}/emulator/faults`);
  expect(await left.json()).toMatchObject({ failNext: 1, dropNext: 1 });
});

test('A slow answer keeps its key in use meanwhile', async () => {
  const { stripe, emulator } = await startWithClient();
  emulator.setFaults({ latencyMs: 150 });
  const begun = Date.now();
  const pay = (): Promise<unknown> =>
    stripe.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey: 'order-1' });
  const outcomes = await Promise.allSettled([pay(), pay()]);
  expect(Date.now() - begun).toBeGreaterThanOrEqual(145);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([
    { reason: { statusCode: 409 } },
  ]);
});

test('A slow answer that the caller stops waiting for is done nevertheless', async () => {
  const emulator = await start();
  emulator.setFaults({ latencyMs: 150 });
  const idempotencyKey = 'order-1';
  const stripe = clientOf(emulator);
  const late = await refusalOf(
    stripe.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey, timeout: 40 }),
  );
  expect(late).toBeInstanceOf(Stripe.errors.StripeConnectionError);
  const patient = clientOf(emulator, { maxNetworkRetries: 3 });
  await patient.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey });
  expect(emulator.charges()).toMatchObject([{ charged: 1999 }]);
});

test('Faults are set over HTTP, one by one', async () => {
  const { emulator } = await startWithClient();
  expect((await post(emulator.url, { latencyMs: 5 })).status).toBe(200);
  const response = await post(emulator.url, { failNext: 3 });
  expect(await response.json()).toEqual({ latencyMs: 5, failNext: 3, dropNext: 0 });
  const current = await fetch(`${emulator.url}/emulator/faults`);
  expect(await current.json()).toEqual({ latencyMs: 5, failNext: 3, dropNext: 0 });
});

test.each([
  [{ failnext: 1 }, 'There is no fault called failnext.'],
  [{ dropNext: -1 }, 'dropNext must be a whole number from 0 to 1000000.'],
  [{ latencyMs: '5' }, 'latencyMs must be a whole number from 0 to 1000000.'],
  [null, 'A JSON object is expected.'],
])('%j is no fault', async (faults, message) => {
  const { emulator } = await startWithClient();
  const response = await post(emulator.url, faults);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: { message } });
});
