import { createLogger, Metrics, newCause } from '@ticketing/common';
import { newId } from '@ticketing/common/testing';
import { Types } from 'mongoose';
import { PaymentsUnderTest } from '../../test/support/payments-under-test';
import { isTriedInVain, moneyMetrics } from './money-metrics';

let payments: PaymentsUnderTest;
beforeAll(async () => {
  payments = await PaymentsUnderTest.start();
});
afterAll(() => payments.stop());

const logger = createLogger('test', 'test', 'silent');
const linesOf = async (metrics: Metrics): Promise<string[]> =>
  (await metrics.registry.metrics())
    .split('\n')
    .filter((line) => line.startsWith('payments_'))
    .map((line) =>
      line.replace('service="payments"', '').replace(/\{,?/, '{').replace(/,?\}/, '}').replace('{}', ''),
    );

test('charges, refusals by reason and refunds are counted, by whichever way they came about', async () => {
  const metrics = new Metrics('payments');
  const { onOutcome, onSettled } = moneyMetrics(metrics, payments.payments, logger);
  onOutcome({ is: 'charged' });
  onOutcome({ is: 'declined', why: 'declined', message: 'The card was declined.' });
  onOutcome({ is: 'declined', why: 'unusable', message: 'This card cannot be charged.' });
  for (const status of ['charged', 'refunded', 'voided', 'declined'] as const) onSettled(status);
  expect((await linesOf(metrics)).sort()).toEqual([
    'payments_charged_total 2',
    'payments_refunded_total 1',
    'payments_refused_total{reason="declined"} 1',
    'payments_refused_total{reason="unusable"} 1',
    'payments_settled_total{status="charged"} 1',
    'payments_settled_total{status="declined"} 1',
    'payments_settled_total{status="refunded"} 1',
    'payments_settled_total{status="voided"} 1',
    'payments_unsettled 0',
  ]);
});

test('what was tried three times in vain is counted until it is settled, and found by the index', async () => {
  const metrics = new Metrics('payments');
  moneyMetrics(metrics, payments.payments, logger);
  const unsettled = async () =>
    (await linesOf(metrics)).find((line) => line.startsWith('payments_unsettled'));
  const state = {
    userId: newId(),
    amountInCents: 1999,
    attempt: 1,
    stripeId: null,
    dueAt: new Date(Date.now() + 60_000),
  };
  const _id = new Types.ObjectId();
  await payments.payments.create({ ...state, _id, status: 'cancelling', tries: 2 }, undefined, newCause());
  expect(await unsettled()).toBe('payments_unsettled 0');
  await payments.payments.change(String(_id), () => ({ set: { tries: 3 } }), newCause());
  expect(await unsettled()).toBe('payments_unsettled 1');
  const plan = JSON.stringify(
    await payments.payments.model.collection.find(isTriedInVain).explain('queryPlanner'),
  );
  expect(plan).toContain('"indexName":"unsettled_or_awaiting"');
  // A buyer who is at the bank is looked at again and again, and nothing is wrong.
  await payments.payments.model.collection.updateOne({ _id }, { $set: { status: 'awaiting' } });
  expect(await unsettled()).toBe('payments_unsettled 0');
  await payments.payments.model.collection.updateOne({ _id }, { $set: { status: 'cancelling' } });
  await payments.payments.change(String(_id), () => ({ set: { status: 'voided' } }), newCause());
  expect(await unsettled()).toBe('payments_unsettled 0');
});
