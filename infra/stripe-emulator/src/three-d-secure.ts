// What the cardholder says on the 3-D Secure page: the payment goes on, or it fails and wants another card.
import type Stripe from 'stripe';
import { attemptPayment } from './attempt-payment';
import { docUrl, missingParam, unexpectedState } from './errors';
import { findPaymentMethod } from './payment-methods';
import { announce, intentOf, type Work } from './work';

export async function answerThreeDSecure(work: Work): Promise<Stripe.PaymentIntent> {
  const intent = intentOf(work);
  const outcome = work.params.oneOf('outcome', ['complete', 'fail']);
  if (outcome === undefined) throw missingParam('outcome');
  if (intent.status !== 'requires_action' || typeof intent.payment_method !== 'string') {
    throw unexpectedState(
      `There is nothing to confirm: this PaymentIntent has a status of ${intent.status}.`,
      intent,
    );
  }
  const method = findPaymentMethod(work, intent.payment_method);
  if (outcome === 'complete') return attemptPayment(work, intent, method, { isAuthenticated: true });

  const code = 'payment_intent_authentication_failure';
  const failed = work.changes.put('payment_intents', {
    ...intent,
    last_payment_error: {
      code,
      doc_url: docUrl(code),
      message:
        'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
      payment_method: method,
      payment_method_type: 'card',
      type: 'invalid_request_error',
    },
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  announce(work, 'payment_intent.payment_failed', failed);
  return failed;
}

/** Where the browser goes then, with what Stripe adds to a return_url. */
export function returnAddress(returnUrl: string, intent: Stripe.PaymentIntent): string {
  const url = new URL(returnUrl);
  url.searchParams.set('payment_intent', intent.id);
  url.searchParams.set('payment_intent_client_secret', intent.client_secret ?? '');
  url.searchParams.set('redirect_status', intent.status === 'succeeded' ? 'succeeded' : 'failed');
  return url.href;
}
