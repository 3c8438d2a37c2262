// Refunds: whole or in part, never more than was charged.
import type Stripe from 'stripe';
import { invalidParam, invalidRequest, resourceMissing, StripeApiError } from './errors';
import { newId } from './ids';
import { listRows, type List } from './lists';
import { atLeastOne, formatAmount } from './money';
import { announce, type Work } from './work';

const reasons = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

const stringOf = (value: string | { id: string } | null): string | undefined =>
  typeof value === 'string' ? value : value?.id;

const nothingToRefund = (intentId: string): StripeApiError =>
  invalidRequest(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`);

function findCharge({ changes, params }: Work): Stripe.Charge {
  const intentId = params.string('payment_intent');
  const intent = intentId === undefined ? undefined : changes.get('payment_intents', intentId);
  if (intentId !== undefined && intent === undefined) {
    throw resourceMissing('payment_intent', intentId, 'payment_intent');
  }
  const chargeId = params.string('charge') ?? stringOf(intent?.latest_charge ?? null);
  if (chargeId === undefined) {
    if (intentId !== undefined) throw nothingToRefund(intentId);
    throw invalidRequest(
      'One of the following params should be provided for this request: payment_intent or charge.',
    );
  }
  const charge = changes.get('charges', chargeId);
  if (charge === undefined) throw resourceMissing('charge', chargeId, 'charge');
  const chargedIntentId = stringOf(charge.payment_intent) ?? '';
  if (intentId !== undefined && intentId !== chargedIntentId) {
    throw invalidParam('charge', `Charge ${chargeId} does not belong to PaymentIntent ${intentId}.`);
  }
  if (charge.status !== 'succeeded') throw nothingToRefund(chargedIntentId);
  return charge;
}

/** Refunds of one payment happen one after the other, whichever of its names they are asked by. */
export function intentOfRefund({ changes, params }: Work): string | undefined {
  const charge = changes.get('charges', params.string('charge') ?? '');
  return charge === undefined ? params.string('payment_intent') : stringOf(charge.payment_intent);
}

function checkRefundable(charge: Stripe.Charge, passed: number | undefined): number {
  const { currency } = charge;
  if (charge.refunded) {
    const message = `Charge ${charge.id} has already been refunded.`;
    const fields = { type: 'invalid_request_error' as const, code: 'charge_already_refunded', message };
    throw new StripeApiError(400, fields, { isSaved: true });
  }
  const left = charge.amount - charge.amount_refunded;
  const amount = passed ?? left;
  if (amount < 1) throw atLeastOne();
  if (amount <= left) return amount;
  const limit = charge.amount_refunded === 0 ? 'charge amount' : 'unrefunded amount on charge';
  throw invalidParam(
    'amount',
    `Refund amount (${formatAmount(amount, currency)}) is greater than ${limit} (${formatAmount(left, currency)})`,
  );
}

export function createRefund(work: Work): Stripe.Refund {
  const { changes, params, now } = work;
  const passed = params.integer('amount');
  const reason = params.oneOf('reason', reasons) ?? null;
  const metadata = params.metadata();
  const charge = findCharge(work);
  params.refuseUnknown();
  const amount = checkRefundable(charge, passed);

  const total = charge.amount_refunded + amount;
  const refunded = changes.put('charges', {
    ...charge,
    amount_refunded: total,
    refunded: total === charge.amount,
  });
  announce(work, 'charge.refunded', refunded, {
    amount_refunded: charge.amount_refunded,
    ...(refunded.refunded ? { refunded: false } : {}),
  });
  return changes.put('refunds', {
    id: newId('re_3'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: now,
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: { type: 'card', card: { reference_status: 'pending', type: 'refund' } },
    metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  });
}

export function getRefund({ changes, id }: Work): Stripe.Refund {
  const refund = changes.get('refunds', id);
  if (refund === undefined) throw resourceMissing('refund', id, 'id');
  return refund;
}

export function listRefunds(work: Work): List<Stripe.Refund> {
  const chargeId = work.params.string('charge');
  const intentId = work.params.string('payment_intent');
  return listRows(
    work,
    'refunds',
    '/v1/refunds',
    (refund) =>
      (chargeId === undefined || refund.charge === chargeId) &&
      (intentId === undefined || refund.payment_intent === intentId),
  );
}
