import type Stripe from 'stripe';
import { paymentBy, refusalOf, startWithClient } from './testing';

const unconfirmed: Stripe.PaymentIntentCreateParams = {
  amount: 1999,
  currency: 'usd',
  allowed_payment_method_types: ['card'],
  metadata: { orderId: 'o1', seller: 's1' },
};

test('An unconfirmed intent is confirmed with a method, and is charged', async () => {
  const { stripe, emulator } = await startWithClient();
  const intent = await stripe.paymentIntents.create(unconfirmed);
  const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
  expect(paid).toMatchObject({ id: intent.id, status: 'succeeded', amount_received: 1999 });
  expect(emulator.charges()).toMatchObject([{ charged: 1999 }]);
});

test('Confirming without a method is refused', async () => {
  const { stripe } = await startWithClient();
  const intent = await stripe.paymentIntents.create(unconfirmed);
  const refusal = await refusalOf(stripe.paymentIntents.confirm(intent.id));
  expect(refusal).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' });
  expect(refusal.message).toMatch(/missing a payment method/);
});

test('A succeeded intent is neither confirmed again nor canceled', async () => {
  const { stripe, emulator } = await startWithClient();
  const intent = await stripe.paymentIntents.create(paymentBy('tok_visa'));
  const again = await refusalOf(stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' }));
  expect(again).toMatchObject({
    statusCode: 400,
    code: 'payment_intent_unexpected_state',
    message:
      'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.',
    payment_intent: { id: intent.id, status: 'succeeded' },
  });
  const canceled = await refusalOf(stripe.paymentIntents.cancel(intent.id));
  expect(canceled).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' });
  expect(canceled.message).toMatch(
    /^You cannot cancel this PaymentIntent because it has a status of succeeded\./,
  );
  expect(emulator.charges()).toMatchObject([{ charged: 1999, status: 'succeeded' }]);
});

test('A canceled intent is never charged', async () => {
  const { stripe, emulator } = await startWithClient();
  const intent = await stripe.paymentIntents.create({ ...unconfirmed, payment_method: 'pm_card_visa' });
  const canceled = await stripe.paymentIntents.cancel(intent.id, { cancellation_reason: 'abandoned' });
  expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
  expect(canceled.canceled_at).toEqual(expect.any(Number));

  const confirmed = await refusalOf(stripe.paymentIntents.confirm(intent.id));
  expect(confirmed).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' });
  expect(confirmed.message).toMatch(/because it has a status of canceled/);
  expect(await refusalOf(stripe.paymentIntents.cancel(intent.id))).toMatchObject({ statusCode: 400 });
  expect(emulator.charges()).toMatchObject([{ charged: 0, status: 'canceled' }]);
});

test('An update merges metadata and changes the amount only while it is unpaid', async () => {
  const { stripe } = await startWithClient();
  const { id } = await stripe.paymentIntents.create(unconfirmed);
  const updated = await stripe.paymentIntents.update(id, {
    amount: 2500,
    metadata: { seller: '', attempt: '2' },
  });
  expect(updated).toMatchObject({ amount: 2500, metadata: { orderId: 'o1', attempt: '2' } });
  expect(updated.metadata).not.toHaveProperty('seller');

  const ready = await stripe.paymentIntents.update(id, { payment_method: 'pm_card_visa' });
  expect(ready.status).toBe('requires_confirmation');
  await stripe.paymentIntents.confirm(id);
  const late = await refusalOf(stripe.paymentIntents.update(id, { amount: 1 }));
  expect(late).toMatchObject({ code: 'payment_intent_unexpected_state', statusCode: 400 });
  const paid = await stripe.paymentIntents.update(id, { metadata: { note: 'kept' } });
  expect(paid).toMatchObject({ amount: 2500, status: 'succeeded', metadata: { note: 'kept' } });
});

test('Lists are newest first, in pages, and by time', async () => {
  let now = 1_700_000_000_000;
  const { stripe } = await startWithClient({ now: () => now });
  const ids: string[] = [];
  for (let number = 0; number < 5; number += 1) {
    ids.unshift((await stripe.paymentIntents.create(unconfirmed)).id);
    now += 1_000;
  }
  const first = await stripe.paymentIntents.list({ limit: 2 });
  expect(first).toMatchObject({ object: 'list', has_more: true, url: '/v1/payment_intents' });
  expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  const rest = await stripe.paymentIntents.list({ starting_after: ids[1] ?? '' });
  expect(rest.has_more).toBe(false);
  expect(rest.data.map(({ id }) => id)).toEqual(ids.slice(2));
  const newer = await stripe.paymentIntents.list({ ending_before: ids[4] ?? '', limit: 2 });
  expect(newer).toMatchObject({ has_more: true, data: [{ id: ids[2] }, { id: ids[3] }] });

  const walked: string[] = [];
  for await (const { id } of stripe.paymentIntents.list({ limit: 2 })) walked.push(id);
  expect(walked).toEqual(ids);

  const since = await stripe.paymentIntents.list({ created: { gte: 1_700_000_003 } });
  expect(since.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  const exactly = await stripe.paymentIntents.list({ created: 1_700_000_000 });
  expect(exactly.data.map(({ id }) => id)).toEqual(ids.slice(4));
  expect(await refusalOf(stripe.paymentIntents.list({ limit: 101 }))).toMatchObject({ param: 'limit' });
  expect(await refusalOf(stripe.paymentIntents.list({ starting_after: 'pi_x' }))).toMatchObject({
    code: 'resource_missing',
  });
});

test('A search finds intents by metadata and status', async () => {
  const { stripe } = await startWithClient();
  const paid = await stripe.paymentIntents.create(
    paymentBy('tok_visa', { metadata: { orderId: 'it\'s "1"' } }),
  );
  const open = await stripe.paymentIntents.create({ ...unconfirmed, metadata: { orderId: 'o2' } });
  const find = async (query: string): Promise<string[]> =>
    (await stripe.paymentIntents.search({ query })).data.map(({ id }) => id);

  expect(await find(`metadata['orderId']:'o2'`)).toEqual([open.id]);
  expect(await find(`metadata["orderId"]:"it's \\"1\\"" AND status:"succeeded"`)).toEqual([paid.id]);
  expect(await find(`status:'succeeded' OR status:'requires_payment_method'`)).toEqual([open.id, paid.id]);
  expect(await find(`-status:'succeeded'`)).toEqual([open.id]);
  expect(await find(`amount>1000 currency:'usd' metadata['orderId']:null`)).toEqual([]);
  for (const query of [
    '',
    'nonsense',
    `status:'a' AND`,
    `status:'b' AND status:'c' OR status:'d'`,
    `status>'a'`,
  ]) {
    expect(await refusalOf(stripe.paymentIntents.search({ query }))).toMatchObject({
      statusCode: 400,
      param: 'query',
    });
  }
  const page = await stripe.paymentIntents.search({ query: 'amount>0', limit: 1 });
  expect(page).toMatchObject({ object: 'search_result', has_more: true, data: [{ id: open.id }] });
  const next = await stripe.paymentIntents.search({
    query: 'amount>0',
    limit: 1,
    page: page.next_page ?? '',
  });
  expect(next).toMatchObject({ has_more: false, next_page: null, data: [{ id: paid.id }] });
});

test('A wrong client secret opens nothing', async () => {
  const { stripe } = await startWithClient();
  const { id, client_secret } = await stripe.paymentIntents.create(unconfirmed);
  const secret = { client_secret: client_secret ?? '' };
  expect((await stripe.paymentIntents.retrieve(id, secret)).id).toBe(id);
  const refusal = await refusalOf(stripe.paymentIntents.retrieve(id, { client_secret: 'pi_x_secret_y' }));
  expect(refusal.code).toBe('payment_intent_invalid_parameter');
});
