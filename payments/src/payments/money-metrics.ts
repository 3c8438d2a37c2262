// What is counted of money: charges, refusals, refunds, and what cannot be brought to an end.
import type { Logger, Metrics } from '@ticketing/common';
import type { Outcome } from '../stripe/stripe-charges';
import { unsettledStatuses, type Payments, type PaymentStatus } from './payment';

/** After so many tries in vain (1, 2, 4 seconds apart) it is no longer a hiccup of Stripe's. */
const triesInVain = 3;
const deadlineMs = 2000;

export interface MoneyMetrics {
  /** Stripe has told how an attempt ended; one that waits for its buyer has not. */
  onOutcome: (outcome: Outcome) => void;
  /** The settlement has brought a payment to an end. */
  onSettled: (status: PaymentStatus) => void;
}

export function moneyMetrics(metrics: Metrics, payments: Payments, logger: Logger): MoneyMetrics {
  const charged = metrics.counter('payments_charged_total', 'Orders that were charged');
  const refused = metrics.counter('payments_refused_total', 'Attempts that charged nothing', ['reason']);
  const refunded = metrics.counter('payments_refunded_total', 'Charges that were paid back in full');
  const settled = metrics.counter(
    'payments_settled_total',
    'Payments that the settlement brought to an end',
    ['status'],
  );
  metrics.asked(
    'payments_unsettled',
    'Payments and refunds that were tried three times in vain',
    () => countUnsettled(payments),
    (error) => {
      logger.debug({ err: error }, 'could not count what is unsettled');
    },
  );
  return {
    onOutcome: (outcome) => {
      if (outcome.is === 'charged') charged.inc();
      else if (outcome.is === 'declined') refused.inc({ reason: outcome.why });
    },
    onSettled: (status) => {
      settled.inc({ status });
      if (status === 'charged') charged.inc();
      if (status === 'refunded') refunded.inc();
    },
  };
}

/**
 * What waits for Stripe; what waits for its buyer (`awaiting`) may take its time. Answered by the index of what is
 * unsettled: for its date, and for the very filter of the index.
 */
export const isTriedInVain = {
  dueAt: { $gt: new Date(0) },
  status: { $in: unsettledStatuses, $ne: 'awaiting' as const },
  tries: { $gte: triesInVain },
};

const countUnsettled = ({ model }: Payments): Promise<number> =>
  model.countDocuments(isTriedInVain).maxTimeMS(deadlineMs).exec();
