// PaymentMethods: cards, made from a test token, a test card's number or one of Stripe's named methods.
import type Stripe from 'stripe';
import { fingerprintOfCard, testCardOfFingerprint, testCardOfName, type TestCard } from './cards';
import { invalidParam, missingParam, resourceMissing } from './errors';
import { newId } from './ids';
import type { Params } from './params';
import { readCard, usualExpiry, type Expiry } from './read-card';
import type { Work } from './work';

/** Reads `type` and `card[…]` as POST /v1/payment_methods and `payment_method_data` have them. */
export function newPaymentMethod(work: Work, params: Params): Stripe.PaymentMethod {
  const type = params.requiredString('type');
  if (type !== 'card') throw invalidParam(params.nameOf('type'), 'The Stripe emulator knows cards only');
  const fields = params.group('card');
  if (fields === undefined) throw missingParam(params.nameOf('card'));
  const billing = params.group('billing_details');
  const details = {
    name: billing?.string('name') ?? null,
    email: billing?.string('email') ?? null,
    phone: billing?.string('phone') ?? null,
  };
  const { card, exp_month, exp_year } = readCard(fields, work.now);
  return methodOf(work, card, { exp_month, exp_year }, details);
}

function methodOf(
  work: Work,
  card: TestCard,
  expiry: Expiry,
  details = { name: null, email: null, phone: null } as Record<'name' | 'email' | 'phone', string | null>,
): Stripe.PaymentMethod {
  return work.changes.put('payment_methods', {
    id: newId('pm_1'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, tax_id: null, ...details },
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: card.brand,
      ...expiry,
      fingerprint: fingerprintOfCard(card.number),
      funding: card.funding,
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: work.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  });
}

/** A stored method, or a new one for a name like `pm_card_visa`, as Stripe makes in test mode. */
export function findPaymentMethod(work: Work, id: string): Stripe.PaymentMethod {
  const stored = work.changes.get('payment_methods', id);
  if (stored !== undefined) return stored;
  const card = id.startsWith('pm_card_') ? testCardOfName(id) : undefined;
  if (card === undefined) throw resourceMissing('PaymentMethod', id, 'payment_method', 400);
  return methodOf(work, card, usualExpiry(work.now));
}

/** What this card does when it is charged: Stripe's fingerprint stands for the number, here too. */
export function behaviourOf(method: Stripe.PaymentMethod): TestCard {
  const card = testCardOfFingerprint(method.card?.fingerprint ?? '');
  if (card === undefined) throw new Error(`PaymentMethod ${method.id} is of no test card.`);
  return card;
}

export function createPaymentMethod(work: Work): Stripe.PaymentMethod {
  const method = newPaymentMethod(work, work.params);
  const metadata = work.params.metadata();
  work.params.refuseUnknown();
  return work.changes.put('payment_methods', { ...method, metadata });
}

export function getPaymentMethod({ changes, id }: Work): Stripe.PaymentMethod {
  const method = changes.get('payment_methods', id);
  if (method === undefined) throw resourceMissing('PaymentMethod', id, 'payment_method');
  return method;
}
