// PaymentIntents as they are read, listed and updated.
import type Stripe from 'stripe';
import { readMethod } from './confirm-payment-intent';
import { StripeApiError, unexpectedState } from './errors';
import { listRows, type List } from './lists';
import { checkAmount } from './money';
import { intentOf, type Work } from './work';

export function getPaymentIntent(work: Work): Stripe.PaymentIntent {
  const intent = intentOf(work);
  const secret = work.params.string('client_secret');
  work.params.refuseUnknown();
  if (secret === undefined || secret === intent.client_secret) return intent;
  throw new StripeApiError(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_invalid_parameter',
    message: 'The client_secret provided does not match the client_secret associated with the PaymentIntent.',
    param: 'client_secret',
  });
}

export const listPaymentIntents = (work: Work): List<Stripe.PaymentIntent> =>
  listRows(work, 'payment_intents', '/v1/payment_intents', () => true);

function checkOpen(intent: Stripe.PaymentIntent, param: string): void {
  if (intent.status !== 'succeeded' && intent.status !== 'canceled') return;
  throw unexpectedState(
    `This PaymentIntent's ${param} could not be updated because it has a status of ${intent.status}. You may only ` +
      `update the ${param} of a PaymentIntent with one of the following statuses: requires_payment_method, ` +
      'requires_confirmation, requires_action.',
    intent,
  );
}

export function updatePaymentIntent(work: Work): Stripe.PaymentIntent {
  const { params } = work;
  const intent = intentOf(work);
  const amount = params.integer('amount');
  const description = params.string('description') ?? intent.description;
  const receiptEmail = params.string('receipt_email') ?? intent.receipt_email;
  const metadata = params.metadata(intent.metadata);
  const method = readMethod(work);
  params.refuseUnknown();
  if (amount !== undefined) checkOpen(intent, 'amount');
  if (method !== undefined) checkOpen(intent, 'payment_method');
  return work.changes.put('payment_intents', {
    ...intent,
    amount: amount === undefined ? intent.amount : checkAmount(amount, intent.currency),
    description,
    metadata,
    receipt_email: receiptEmail,
    ...(method === undefined ? {} : { payment_method: method.id, status: 'requires_confirmation' as const }),
  });
}
