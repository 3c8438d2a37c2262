// POST /v1/payment_intents/:id/confirm: the card is charged now; an intent is charged once, ever.
import type Stripe from 'stripe';
import { attemptPayment } from './attempt-payment';
import { invalidParam, invalidRequest, unexpectedState } from './errors';
import { findPaymentMethod, newPaymentMethod } from './payment-methods';
import { intentOf, type Work } from './work';

export interface Confirmation {
  method: Stripe.PaymentMethod | undefined;
  returnUrl: string | undefined;
  isOffSession: boolean;
}

export function readMethod(work: Work): Stripe.PaymentMethod | undefined {
  const id = work.params.string('payment_method');
  const data = work.params.group('payment_method_data');
  if (id !== undefined && data !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: payment_method, payment_method_data.',
    );
  }
  if (data !== undefined) return newPaymentMethod(work, data);
  return id === undefined ? undefined : findPaymentMethod(work, id);
}

export function readConfirmation(work: Work): Confirmation {
  const { params } = work;
  const method = readMethod(work);
  const returnUrl = params.string('return_url');
  const isOffSession = params.boolean('off_session') ?? false;
  const isActionAnError = params.boolean('error_on_requires_action') ?? false;
  params.boolean('use_stripe_sdk');
  if (returnUrl !== undefined && !/^[a-z][a-z\d+.-]*:/i.test(returnUrl)) {
    throw invalidParam('return_url', 'Not a valid URL', 'url_invalid');
  }
  return { method, returnUrl, isOffSession: isOffSession || isActionAnError };
}

function checkState(intent: Stripe.PaymentIntent): void {
  if (intent.status === 'succeeded') {
    throw unexpectedState(
      'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.',
      intent,
    );
  }
  if (intent.status !== 'canceled') return;
  throw unexpectedState(
    'You cannot confirm this PaymentIntent because it has a status of canceled. Only a PaymentIntent with one of ' +
      'the following statuses may be confirmed: requires_confirmation, requires_action.',
    intent,
  );
}

export async function confirmIntent(
  work: Work,
  intent: Stripe.PaymentIntent,
  { method: passed, returnUrl, isOffSession }: Confirmation,
): Promise<Stripe.PaymentIntent> {
  checkState(intent);
  if (intent.automatic_payment_methods?.allow_redirects === 'always' && returnUrl === undefined) {
    throw invalidRequest(
      'This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these ' +
        'payment methods might redirect your customer off of your page, you must provide a `return_url`. If you ' +
        "don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` " +
        'and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.',
    );
  }
  const method =
    passed ??
    (typeof intent.payment_method === 'string' ? findPaymentMethod(work, intent.payment_method) : undefined);
  if (method === undefined) {
    throw unexpectedState(
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the " +
        'PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment ' +
        'method or ConfirmationToken.',
      intent,
    );
  }
  return attemptPayment(work, intent, method, { returnUrl, isOffSession });
}

export async function confirmPaymentIntent(work: Work): Promise<Stripe.PaymentIntent> {
  const intent = intentOf(work);
  // A settled intent is refused whatever the request says of a card.
  checkState(intent);
  const confirmation = readConfirmation(work);
  const receiptEmail = work.params.string('receipt_email') ?? intent.receipt_email;
  work.params.refuseUnknown();
  return confirmIntent(work, { ...intent, receipt_email: receiptEmail }, confirmation);
}
