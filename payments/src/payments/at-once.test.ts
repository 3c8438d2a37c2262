// Many hands at one order, on three instances over one database: one charge.
import { eventually, refusalIn } from '@ticketing/common/testing';
import { PaymentsUnderTest } from '../../test/support/payments-under-test';

const instances = 3;
let payments: PaymentsUnderTest;
beforeAll(async () => {
  payments = await PaymentsUnderTest.start({ instances });
});
afterAll(() => payments.stop());
afterEach(() => {
  payments.emulator.setFaults({ latencyMs: 0 });
});

const lost = [
  [400, 'payments.in_progress'],
  [400, 'payments.already_paid'],
];

test.each(Array.from({ length: 10 }, (_, round) => round + 1))(
  'of 20 payments of an order at once one pays (round %d)',
  async () => {
    const order = await payments.place();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => payments.pay(order, { by: index % instances })),
    );
    const paid = answers.filter(({ status }) => status === 201);
    expect(paid.map(({ body }) => body as unknown)).toEqual([{ id: order.id }]);
    for (const answer of answers) if (answer.status !== 201) expect(lost).toContainEqual(refusalIn(answer));
    expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
    expect(await payments.payment(order)).toMatchObject({ status: 'charged', attempt: 1 });
  },
);

test('of 20 attempts at once after a declined card one pays', async () => {
  const order = await payments.place();
  await payments.pay(order, { token: 'tok_chargeDeclined' }).expect(400);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => payments.pay(order, { by: index % instances })),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  for (const answer of answers) if (answer.status !== 201) expect(lost).toContainEqual(refusalIn(answer));
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
  expect(await payments.payment(order)).toMatchObject({ status: 'charged', attempt: 2 });
});

test('a double click while Stripe is slow: the second is told that it is being paid', async () => {
  const order = await payments.place();
  payments.emulator.setFaults({ latencyMs: 300 });
  const first = payments.pay(order, { by: 0 }).then((answer) => answer);
  await eventually(async () => {
    expect(await payments.payment(order)).toMatchObject({ status: 'claimed' });
  });
  expect(refusalIn(await payments.pay(order, { by: 1 }))).toEqual([400, 'payments.in_progress']);
  expect((await first).status).toBe(201);
  expect(refusalIn(await payments.pay(order, { by: 2 }))).toEqual([400, 'payments.already_paid']);
  expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});

test('50 orders paid twice each, all at once, are charged once each', async () => {
  const orders = await Promise.all(Array.from({ length: 50 }, () => payments.place()));
  const answers = await Promise.all(
    orders.flatMap((order) => [payments.pay(order, { by: 0 }), payments.pay(order, { by: 1 })]),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
  for (const order of orders) expect(payments.money(order)).toEqual({ charged: 1999, refunded: 0 });
});
