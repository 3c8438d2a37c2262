// Tries to take an intent's money from a card: paid, declined, or the cardholder has something to do first.
import { setTimeout as sleep } from 'node:timers/promises';
import type Stripe from 'stripe';
import { authenticationRequired, type Decline } from './cards';
import { newCharge } from './charges';
import { docUrl, StripeApiError } from './errors';
import { behaviourOf } from './payment-methods';
import { announce, type Work } from './work';

/** Short enough for a test, long enough for another request to come in between. */
const bankAnswersMs = 5;

export interface AttemptOptions {
  returnUrl?: string | undefined;
  /** The cardholder cannot be asked: a card that wants it is declined instead. */
  isOffSession?: boolean;
  /** The cardholder has just answered the 3-D Secure page. */
  isAuthenticated?: boolean;
}

/** @throws StripeApiError 402 when the card is declined; the failed charge is among the changes nevertheless. */
export async function attemptPayment(
  work: Work,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  options: AttemptOptions,
): Promise<Stripe.PaymentIntent> {
  // Other requests run meanwhile, so races are as real as Stripe's.
  await sleep(bankAnswersMs);
  const card = behaviourOf(method);
  if (card.needsAuthentication && options.isAuthenticated !== true) {
    if (options.isOffSession === true) return fail(work, intent, method, authenticationRequired);
    return work.changes.put('payment_intents', {
      ...intent,
      last_payment_error: null,
      next_action: nextAction(work, intent, options.returnUrl),
      payment_method: method.id,
      status: 'requires_action',
    });
  }
  if (card.decline !== undefined) return fail(work, intent, method, card.decline);

  const charge = newCharge(work, intent, method);
  const paid = work.changes.put('payment_intents', {
    ...intent,
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: 'succeeded',
  });
  announce(work, 'payment_intent.succeeded', paid);
  return paid;
}

function nextAction(
  work: Work,
  intent: Stripe.PaymentIntent,
  returnUrl: string | undefined,
): Stripe.PaymentIntent.NextAction {
  const page = new URL(`/emulator/3ds/${intent.id}`, work.baseUrl);
  if (returnUrl === undefined) {
    const sdk = { type: 'three_d_secure_redirect', stripe_js: page.href };
    return { type: 'use_stripe_sdk', use_stripe_sdk: sdk };
  }
  page.searchParams.set('return_url', returnUrl);
  return { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url: page.href } };
}

/** A declined intent can be tried again with another card, so it loses this one. */
function fail(
  work: Work,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  decline: Decline,
): never {
  const { code, declineCode, message } = decline;
  const charge = newCharge(work, intent, method, decline);
  const error = { charge: charge.id, code, decline_code: declineCode, message, payment_method: method };
  const failed = work.changes.put('payment_intents', {
    ...intent,
    last_payment_error: { ...error, doc_url: docUrl(code), payment_method_type: 'card', type: 'card_error' },
    latest_charge: charge.id,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  announce(work, 'payment_intent.payment_failed', failed);
  throw new StripeApiError(402, { ...error, payment_intent: failed, type: 'card_error' }, { isSaved: true });
}
