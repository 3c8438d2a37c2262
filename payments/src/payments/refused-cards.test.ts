// Cards that do not pay: the order stays payable, and another card pays it.
import { refusalIn } from '@ticketing/common/testing';
import { PaymentsUnderTest } from '../../test/support/payments-under-test';

let payments: PaymentsUnderTest;
beforeAll(async () => {
  payments = await PaymentsUnderTest.start();
});
afterAll(() => payments.stop());

const declined = [400, 'payments.card_declined token'];
const unusable = [400, 'payments.card_unusable token'];

test.each([
  ['tok_chargeDeclined', declined],
  ['tok_chargeDeclinedInsufficientFunds', declined],
  ['tok_chargeDeclinedExpiredCard', declined],
  ['tok_chargeDeclinedProcessingError', declined],
  ['pm_card_chargeDeclined', declined],
  ['tok_nobodyHasEverSeen', unusable],
  ['pm_card_nobodyHasEverSeen', unusable],
])('%s charges nothing, and another card pays the order afterwards', async (token, refusal) => {
  const order = await payments.place();
  expect(refusalIn(await payments.pay(order, { token }))).toEqual(refusal);
  expect(payments.money(order)).toEqual({ charged: 0, refunded: 0 });
  const refused = await payments.payment(order);
  expect(refused).toMatchObject({ status: 'declined', attempt: 1 });
  expect(refused?.event).toBeUndefined();

  await payments.pay(order, { token: 'tok_mastercard' }).expect(201);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
  const paid = await payments.payment(order);
  expect(paid).toMatchObject({ status: 'charged', attempt: 2, stripeId: refused?.stripeId });
  expect(paid?.event).toMatchObject({ type: 'payment:created', data: { version: paid?.version } });
});

test("a declined card is answered in the bank's words", async () => {
  const order = await payments.place();
  const answer = await payments.pay(order, { token: 'tok_chargeDeclinedInsufficientFunds' });
  expect(answer.body).toMatchObject({ errors: [{ message: 'Your card has insufficient funds.' }] });
});

test('the same card may be tried again: each attempt has its own idempotency key', async () => {
  const order = await payments.place();
  for (let attempt = 1; attempt <= 3; attempt++) {
    await payments.pay(order, { token: 'tok_chargeDeclined' }).expect(400);
    expect(await payments.payment(order)).toMatchObject({ status: 'declined', attempt });
  }
  await payments.pay(order).expect(201);
  const { data } = await payments.sdk.events.list({ limit: 100 });
  const { stripeId } = (await payments.payment(order)) ?? {};
  const about = data.filter(({ data: { object } }) => 'id' in object && object.id === stripeId);
  const keys = about.map(({ request }) => request?.idempotency_key);
  expect(about.map(({ type }) => type).sort()).toEqual([
    'payment_intent.payment_failed',
    'payment_intent.payment_failed',
    'payment_intent.payment_failed',
    'payment_intent.succeeded',
  ]);
  expect(keys.every((key) => key?.includes(order.id))).toBe(true);
  expect(new Set(keys).size).toBe(4);
});

test('a good card and a declined one at once: at most one charge, and never a charge that nobody knows of', async () => {
  for (let round = 0; round < 10; round++) {
    const order = await payments.place();
    await Promise.all([payments.pay(order), payments.pay(order, { token: 'tok_chargeDeclined' })]);
    const payment = await payments.payment(order);
    const isCharged = payment?.status === 'charged';
    expect(payments.money(order)).toEqual({ charged: isCharged ? 1999 : 0, refunded: 0 });
    if (!isCharged) await payments.pay(order).expect(201);
    expect(payments.money(order).charged).toBe(1999);
  }
});
