// Stripe says that something happened to an intent. That is a hint and no more: it wakes the settlement, which asks
// Stripe what is true. So a webhook that is lost, late, repeated or out of order can do no harm, only be missed.
import { isObjectId, newCause, type PaymentData } from '@ticketing/common';
import type { Change } from '@ticketing/common/store';
import type { StripeEvent } from '../stripe/read-webhook';
import type { Payment, Payments } from './payment';

export interface OnStripeEvent {
  payments: Payments;
  /** Wakes the settlement. */
  settle: () => void;
}

/**
 * - noted: the settlement looks at the payment now
 * - known: what it says is what we have, or is being seen to
 * - unknown: no payment of ours has this intent
 * - refunded_elsewhere: an order that is complete was paid back by somebody else than us; an operator has to know
 * - ignored: a kind of event that nobody here asks for
 */
export type EventOutcome = 'noted' | 'known' | 'unknown' | 'refunded_elsewhere' | 'ignored';

const kinds = [
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'charge.refunded',
];

export async function onStripeEvent(
  event: StripeEvent,
  { payments, settle }: OnStripeEvent,
): Promise<EventOutcome> {
  const { type, about } = event;
  if (!kinds.includes(type)) return 'ignored';
  if (!about || !isObjectId(about.orderId)) return 'unknown';
  let outcome: EventOutcome = 'unknown';
  await payments.change(
    about.orderId,
    (payment) => {
      outcome = 'unknown';
      if (payment.stripeId !== about.stripeId) return undefined;
      const change = lookAgain(payment, event);
      outcome = change ? 'noted' : 'known';
      if (payment.status === 'charged' && type === 'charge.refunded' && event.isRefunded) {
        outcome = 'refunded_elsewhere';
      }
      return change;
    },
    newCause(),
  );
  // Typescript does not see that the decision above has run.
  if ((outcome as EventOutcome) === 'noted') settle();
  return outcome;
}

function lookAgain({ status }: Payment, { type }: StripeEvent): Change<Payment, PaymentData> | undefined {
  const now = { dueAt: new Date(), tries: 0 };
  if (status === 'awaiting' || status === 'cancelling') return { set: now };
  if (type !== 'payment_intent.succeeded') return undefined;
  // Our own attempt is alive, or died before it was told; nothing but the charge is looked for.
  if (status === 'claimed') return { set: now };
  // Taken for refused, and charged after all.
  return status === 'declined' ? { set: { ...now, status: 'awaiting' } } : undefined;
}
