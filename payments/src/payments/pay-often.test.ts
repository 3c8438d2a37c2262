// Cards are not tried out here: so many payments of one order, and the next is told to wait.
import { newId, refusalIn } from '@ticketing/common/testing';
import { PaymentsUnderTest } from '../../test/support/payments-under-test';

let payments: PaymentsUnderTest;
beforeAll(async () => {
  payments = await PaymentsUnderTest.start({ env: { RATE_LIMITS: 'on' } });
});
afterAll(() => payments.stop());

test('the eleventh card within ten minutes is not tried, and nobody else pays for that', async () => {
  const order = await payments.place();
  for (let i = 0; i < 10; i++) {
    expect(refusalIn(await payments.pay(order, { token: 'tok_chargeDeclined' }))).toEqual([
      400,
      'payments.card_declined token',
    ]);
  }
  const answer = await payments.pay(order, { token: 'tok_visa' });
  expect(refusalIn(answer)).toEqual([429, 'request.too_many']);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(500);
  expect(payments.money(order).charged).toBe(0);
  // Another order of the same person.
  await payments.pay(await payments.place({ userId: order.userId })).expect(201);
});

test('a stranger who tries to pay an order does not keep its buyer from it', async () => {
  const order = await payments.place();
  const stranger = newId();
  for (let i = 0; i < 12; i++) await payments.pay(order, { as: stranger });
  expect(refusalIn(await payments.pay(order, { as: stranger }))).toEqual([429, 'request.too_many']);
  await payments.pay(order).expect(201);
});
