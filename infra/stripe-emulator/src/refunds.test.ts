import { paymentBy, refusalOf, startWithClient } from './testing';

test('A whole refund of an intent is kept with its reason and metadata', async () => {
  const { stripe, emulator } = await startWithClient();
  const intent = await stripe.paymentIntents.create(paymentBy('tok_visa', { metadata: { orderId: 'o1' } }));
  const refund = await stripe.refunds.create({
    payment_intent: intent.id,
    reason: 'requested_by_customer',
    metadata: { orderId: 'o1' },
  });
  expect(refund).toMatchObject({
    object: 'refund',
    amount: 1999,
    charge: intent.latest_charge,
    currency: 'usd',
    metadata: { orderId: 'o1' },
    payment_intent: intent.id,
    reason: 'requested_by_customer',
    status: 'succeeded',
  });
  expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ id: refund.id });
  expect(await stripe.charges.retrieve(intent.latest_charge as string)).toMatchObject({
    amount_refunded: 1999,
    refunded: true,
  });
  expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded');
  expect(emulator.charges()).toMatchObject([{ charged: 1999, refunded: 1999 }]);

  const again = await refusalOf(stripe.refunds.create({ payment_intent: intent.id }));
  expect(again).toMatchObject({
    statusCode: 400,
    code: 'charge_already_refunded',
    message: `Charge ${intent.latest_charge as string} has already been refunded.`,
  });
});

test('Refunds in part add up to what was charged, and never to more', async () => {
  const { stripe, emulator } = await startWithClient();
  const { latest_charge } = await stripe.paymentIntents.create(paymentBy('tok_visa'));
  const charge = latest_charge as string;
  const tooMuch = await refusalOf(stripe.refunds.create({ charge, amount: 2000 }));
  expect(tooMuch.message).toBe('Refund amount ($20.00) is greater than charge amount ($19.99)');
  await stripe.refunds.create({ charge, amount: 999 });
  expect(await stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 999, refunded: false });
  const rest = await refusalOf(stripe.refunds.create({ charge, amount: 1001 }));
  expect(rest.message).toBe('Refund amount ($10.01) is greater than unrefunded amount on charge ($10.00)');
  expect((await stripe.refunds.create({ charge })).amount).toBe(1000);
  expect(emulator.charges()).toMatchObject([{ refunded: 1999 }]);
});

test('What was never charged cannot be refunded', async () => {
  const { stripe } = await startWithClient();
  const declined = (await refusalOf(stripe.paymentIntents.create(paymentBy('tok_chargeDeclined'))))
    .payment_intent;
  const open = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' });
  for (const id of [declined?.id ?? '', open.id]) {
    const refusal = await refusalOf(stripe.refunds.create({ payment_intent: id }));
    expect(refusal.statusCode).toBe(400);
    expect(refusal.message).toBe(`This PaymentIntent (${id}) does not have a successful charge to refund.`);
  }
  const charge = declined?.latest_charge as string;
  expect((await refusalOf(stripe.refunds.create({ charge }))).message).toMatch(
    /does not have a successful charge/,
  );
});

test.each([
  ['nothing to refund', {}, 400, undefined],
  ['an unknown intent', { payment_intent: 'pi_x' }, 404, 'resource_missing'],
  ['an unknown charge', { charge: 'ch_x' }, 404, 'resource_missing'],
  ['an unknown reason', { charge: 'ch_x', reason: 'whim' as 'duplicate' }, 400, undefined],
])('A refund with %s is refused', async (_what, params, statusCode, code) => {
  const { stripe } = await startWithClient();
  expect(await refusalOf(stripe.refunds.create(params))).toMatchObject({ statusCode, code });
});

test('A refund of nothing, or of another intent’s charge, is refused', async () => {
  const { stripe } = await startWithClient();
  const one = await stripe.paymentIntents.create(paymentBy('tok_visa'));
  const other = await stripe.paymentIntents.create(paymentBy('tok_visa'));
  const charge = one.latest_charge as string;
  const nothing = await refusalOf(stripe.refunds.create({ charge, amount: 0 }));
  expect(nothing).toMatchObject({ code: 'parameter_invalid_integer', param: 'amount' });
  const mixed = await refusalOf(stripe.refunds.create({ charge, payment_intent: other.id }));
  expect(mixed).toMatchObject({ statusCode: 400, param: 'charge' });
});

test('Charges and refunds are listed by their payment', async () => {
  const { stripe } = await startWithClient();
  const one = await stripe.paymentIntents.create(paymentBy('tok_visa'));
  const other = await stripe.paymentIntents.create(paymentBy('tok_visa'));
  const refund = await stripe.refunds.create({ payment_intent: one.id });
  await stripe.refunds.create({ payment_intent: other.id });
  const charges = await stripe.charges.list({ payment_intent: one.id });
  expect(charges.data.map(({ id }) => id)).toEqual([one.latest_charge]);
  expect((await stripe.charges.list()).data).toHaveLength(2);
  for (const filter of [{ payment_intent: one.id }, { charge: one.latest_charge as string }]) {
    expect((await stripe.refunds.list(filter)).data.map(({ id }) => id)).toEqual([refund.id]);
  }
});
