// Hundreds of races of a cancellation against a payment, on three instances that all settle: an order that was
// cancelled costs nothing, and one that was not is charged exactly once.
import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderData } from '@ticketing/common';
import { eventually } from '@ticketing/common/testing';
import { cancellationOf, PaymentsUnderTest } from '../../test/support/payments-under-test';
import { unsettledStatuses } from './payment';

const instances = 3;
const races = 210;
const atOnce = 6;

let payments: PaymentsUnderTest;
beforeAll(async () => {
  payments = await PaymentsUnderTest.start({ instances, parts: ['settlement'] });
});
afterAll(() => payments.stop());

interface Race {
  order: OrderData;
  isCancelled: boolean;
  statuses: number[];
}

// How long a payment takes here and now: cancellations are spread from before its beginning to after its end.
let paymentMs = 20;

/** Two clicks against a cancellation that comes up to three times; every fourth order is not cancelled. */
async function race(number: number): Promise<Race> {
  const order = await payments.place();
  const isCancelled = number % 4 !== 0;
  const cancellation = cancellationOf(order);
  const startedAt = Date.now();
  const clicks = [0, 1].map(async (click) => {
    await sleep(Math.random() * 10 * click);
    const { status } = await payments.pay(order, { by: (number + click) % instances });
    if (status === 201) paymentMs = Date.now() - startedAt;
    return status;
  });
  const deliveries = Array.from({ length: isCancelled ? 1 + (number % 3) : 0 }, async () => {
    await sleep(Math.random() * Math.max(10, paymentMs * 1.5));
    await payments.hear(cancellation);
  });
  await Promise.all(deliveries);
  return { order, isCancelled, statuses: await Promise.all(clicks) };
}

test(`in ${races} races of cancel against pay, no cancelled order costs anything`, async () => {
  const results: Race[] = [];
  const runners = Array.from({ length: atOnce }, async (_, first) => {
    for (let number = first; number < races; number += atOnce) results.push(await race(number));
  });
  await Promise.all(runners);
  expect(results).toHaveLength(races);
  await eventually(async () => {
    expect(await payments.payments.model.countDocuments({ status: { $in: unsettledStatuses } })).toBe(0);
  }, 20_000);

  const outcomes = new Map<string, number>();
  for (const { order, isCancelled, statuses } of results) {
    const payment = await payments.payment(order);
    const outcome = payment?.status ?? 'never claimed';
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const { charged, refunded } = payments.money(order);
    if (isCancelled) {
      expect(refunded).toBe(charged);
      expect([0, 1999]).toContain(charged);
      expect(await payments.refunds(order)).toBe(charged / 1999);
      expect(['never claimed', 'declined', 'voided', 'refunded']).toContain(outcome);
    } else {
      expect(statuses.filter((status) => status === 201)).toHaveLength(1);
      expect({ charged, refunded }).toEqual({ charged: 1999, refunded: 0 });
      expect(payment?.event).toMatchObject({ type: 'payment:created' });
    }
    expect(statuses.every((status) => status === 201 || status === 400)).toBe(true);
  }
  // Else the races were none.
  expect(outcomes.get('refunded')).toBeGreaterThan(0);
  expect((outcomes.get('voided') ?? 0) + (outcomes.get('never claimed') ?? 0)).toBeGreaterThan(0);
});

test('three cancellations of a paid order, on three instances that settle at once: one refund', async () => {
  const orders = await Promise.all(Array.from({ length: 20 }, () => payments.place()));
  await Promise.all(orders.map((order, index) => payments.pay(order, { by: index % instances }).expect(201)));
  const events = orders.map(cancellationOf);
  await Promise.all([...events, ...events, ...events].map((event) => payments.hear(event)));
  await eventually(async () => {
    expect(await payments.payments.model.countDocuments({ status: 'cancelling' })).toBe(0);
  });
  for (const order of orders) {
    expect(payments.money(order)).toEqual({ charged: 1999, refunded: 1999 });
    expect(await payments.refunds(order)).toBe(1);
    expect(await payments.payment(order)).toMatchObject({ status: 'refunded' });
  }
});
