// POST /v1/payment_intents/:id/cancel: nothing can be charged on it afterwards.
import type Stripe from 'stripe';
import { unexpectedState } from './errors';
import { announce, intentOf, type Work } from './work';

const reasons = ['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'] as const;

export function cancelPaymentIntent(work: Work): Stripe.PaymentIntent {
  const intent = intentOf(work);
  const reason = work.params.oneOf('cancellation_reason', reasons) ?? null;
  work.params.refuseUnknown();
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw unexpectedState(
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with ` +
        'one of the following statuses may be canceled: requires_payment_method, requires_capture, ' +
        'requires_confirmation, requires_action, processing.',
      intent,
    );
  }
  const canceled = work.changes.put('payment_intents', {
    ...intent,
    canceled_at: work.now,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  });
  announce(work, 'payment_intent.canceled', canceled);
  return canceled;
}
