// POST /v1/payment_intents: what is to be paid; with `confirm=true` the card is charged in the same request.
import type Stripe from 'stripe';
import { confirmIntent, readConfirmation } from './confirm-payment-intent';
import { invalidParam, invalidRequest } from './errors';
import { newClientSecret, newId } from './ids';
import { checkAmount, readCurrency } from './money';
import type { Work } from './work';

type AutomaticMethods = Stripe.PaymentIntent.AutomaticPaymentMethods;

const typesRemovedSince = '2026-09-30';

/**
 * Without a word about payment methods Stripe takes the Dashboard's, redirecting ones included. `payment_method_types`
 * is of older API versions: https://docs.stripe.com/changelog/endive/2026-09-30
 */
function readMethods({ params, apiVersion }: Work): { automatic: AutomaticMethods | null; types: string[] } {
  const group = params.group('automatic_payment_methods');
  const allowed = params.list('allowed_payment_method_types');
  const types = params.list('payment_method_types');
  if (types !== undefined && apiVersion >= typesRemovedSince) {
    const text = 'payment_method_types is no longer supported: use allowed_payment_method_types instead.';
    throw invalidParam('payment_method_types', text, 'payment_method_types_no_longer_supported');
  }
  const passed = [group && 'automatic_payment_methods', allowed && 'allowed_payment_method_types'];
  const names = [...passed, types && 'payment_method_types'].filter((name) => name !== undefined);
  if (names.length > 1) {
    throw invalidRequest(`You may only specify one of these parameters: ${names.join(', ')}.`);
  }
  const wanted = allowed ?? types;
  if (wanted?.includes('card') === false) {
    throw invalidParam(names[0] ?? '', 'No payment method is left: the Stripe emulator knows cards only.');
  }
  const isAutomatic = group?.boolean('enabled') ?? wanted === undefined;
  const redirects = group?.oneOf('allow_redirects', ['always', 'never']) ?? 'always';
  return {
    automatic: isAutomatic ? { allow_redirects: redirects, enabled: true } : null,
    types: ['card'],
  };
}

export async function createPaymentIntent(work: Work): Promise<Stripe.PaymentIntent> {
  const { params, now } = work;
  const amount = params.requiredInteger('amount');
  const currency = readCurrency(params);
  checkAmount(amount, currency);
  const { automatic, types } = readMethods(work);
  const captureMethod = params.oneOf('capture_method', ['automatic', 'automatic_async']) ?? 'automatic_async';
  params.oneOf('confirmation_method', ['automatic']);
  const description = params.string('description') ?? null;
  const receiptEmail = params.string('receipt_email') ?? null;
  const descriptorSuffix = params.string('statement_descriptor_suffix') ?? null;
  const metadata = params.metadata();
  const isConfirmed = params.boolean('confirm') ?? false;
  const confirmation = readConfirmation(work);
  params.refuseUnknown();
  if (!isConfirmed && confirmation.returnUrl !== undefined) {
    throw invalidParam('return_url', 'You cannot provide `return_url` without setting `confirm` to true.');
  }

  const id = newId('pi_3');
  const intent = work.changes.put('payment_intents', {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: automatic,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: captureMethod,
    client_secret: newClientSecret(id),
    confirmation_method: 'automatic',
    created: now,
    currency,
    customer: null,
    customer_account: null,
    description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: confirmation.method?.id ?? null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: types,
    payment_record: null,
    processing: null,
    receipt_email: receiptEmail,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: descriptorSuffix,
    status: confirmation.method === undefined ? 'requires_payment_method' : 'requires_confirmation',
    transfer_data: null,
    transfer_group: null,
  });
  return isConfirmed ? confirmIntent(work, intent, confirmation) : intent;
}
