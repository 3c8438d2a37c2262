// Charges: one for each attempt to take money, the declined ones included.
import type Stripe from 'stripe';
import type { Decline } from './cards';
import { resourceMissing } from './errors';
import { newId } from './ids';
import { listRows, type List } from './lists';
import type { Work } from './work';

const approved: Stripe.Charge.Outcome = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: 'approved_by_network',
  reason: null,
  risk_level: 'normal',
  seller_message: 'Payment complete.',
  type: 'authorized',
};

const declined = ({ declineCode }: Decline): Stripe.Charge.Outcome => ({
  ...approved,
  network_status: 'declined_by_network',
  reason: declineCode,
  seller_message: 'The bank did not return any further details with this decline.',
  type: 'issuer_declined',
});

export function newCharge(
  work: Work,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  decline?: Decline,
): Stripe.Charge {
  const isPaid = decline === undefined;
  return work.changes.put('charges', {
    id: newId('ch_3'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: isPaid ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: null,
    captured: isPaid,
    created: work.now,
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: decline === undefined ? approved : declined(decline),
    paid: isPaid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: detailsOf(intent, method),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: isPaid ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: null,
  });
}

function detailsOf(
  intent: Stripe.PaymentIntent,
  { card }: Stripe.PaymentMethod,
): Stripe.Charge.PaymentMethodDetails | null {
  if (card === undefined) return null;
  return {
    type: 'card',
    card: {
      amount_authorized: intent.amount,
      authorization_code: null,
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: card.country,
      electronic_commerce_indicator: null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint ?? null,
      funding: card.funding,
      installments: null,
      last4: card.last4,
      mandate: null,
      network: card.brand,
      network_transaction_id: null,
      regulated_status: 'unregulated',
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  };
}

export function getCharge({ changes, id }: Work): Stripe.Charge {
  const charge = changes.get('charges', id);
  if (charge === undefined) throw resourceMissing('charge', id, 'charge');
  return charge;
}

export function listCharges(work: Work): List<Stripe.Charge> {
  const intentId = work.params.string('payment_intent');
  const isWanted = (charge: Stripe.Charge): boolean =>
    intentId === undefined || charge.payment_intent === intentId;
  return listRows(work, 'charges', '/v1/charges', isWanted);
}
