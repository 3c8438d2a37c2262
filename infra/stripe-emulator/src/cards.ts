// Stripe's test cards and what each of them does: https://docs.stripe.com/testing
import { createHash } from 'node:crypto';

export interface Decline {
  code: string;
  declineCode: string;
  message: string;
}

export interface TestCard {
  number: string;
  brand: string;
  funding: 'credit' | 'debit' | 'prepaid';
  needsAuthentication: boolean;
  decline?: Decline;
}

interface Traits {
  brand?: string;
  funding?: TestCard['funding'];
  needsAuthentication?: boolean;
  decline?: Decline;
}

const decline = (code: string, declineCode: string, message: string): Decline => ({
  code,
  declineCode,
  message,
});
const refused = (declineCode: string): Decline =>
  decline('card_declined', declineCode, 'Your card was declined.');

export const insufficientFunds = decline(
  'card_declined',
  'insufficient_funds',
  'Your card has insufficient funds.',
);
export const authenticationRequired = decline(
  'authentication_required',
  'authentication_required',
  'Your card was declined. This transaction requires authentication.',
);

const card = (number: string, traits: Traits = {}): TestCard => ({
  number,
  brand: 'visa',
  funding: 'credit',
  needsAuthentication: false,
  ...traits,
});

/** By the second half of its names: `visa` is `tok_visa` and `pm_card_visa`. */
const cards: Readonly<Record<string, TestCard>> = {
  visa: card('4242424242424242'),
  visa_debit: card('4000056655665556', { funding: 'debit' }),
  mastercard: card('5555555555554444', { brand: 'mastercard' }),
  mastercard_debit: card('5200828282828210', { brand: 'mastercard', funding: 'debit' }),
  mastercard_prepaid: card('5105105105105100', { brand: 'mastercard', funding: 'prepaid' }),
  amex: card('378282246310005', { brand: 'amex' }),
  discover: card('6011111111111117', { brand: 'discover' }),
  diners: card('3056930009020004', { brand: 'diners' }),
  jcb: card('3566002020360505', { brand: 'jcb' }),
  unionpay: card('6200000000000005', { brand: 'unionpay' }),
  chargeDeclined: card('4000000000000002', { decline: refused('generic_decline') }),
  chargeDeclinedInsufficientFunds: card('4000000000009995', { decline: insufficientFunds }),
  chargeDeclinedLostCard: card('4000000000009987', { decline: refused('lost_card') }),
  chargeDeclinedStolenCard: card('4000000000009979', { decline: refused('stolen_card') }),
  chargeDeclinedFraudulent: card('4100000000000019', { decline: refused('fraudulent') }),
  chargeDeclinedExpiredCard: card('4000000000000069', {
    decline: decline('expired_card', 'expired_card', 'Your card has expired.'),
  }),
  chargeDeclinedIncorrectCvc: card('4000000000000127', {
    decline: decline('incorrect_cvc', 'incorrect_cvc', "Your card's security code is incorrect."),
  }),
  chargeDeclinedProcessingError: card('4000000000000119', {
    decline: decline(
      'processing_error',
      'processing_error',
      'An error occurred while processing your card. Try again in a little bit.',
    ),
  }),
  threeDSecure2Required: card('4000000000003220', { needsAuthentication: true }),
  threeDSecureRequiredChargeDeclined: card('4000008400001629', {
    needsAuthentication: true,
    decline: refused('generic_decline'),
  }),
  authenticationRequired: card('4000002760003184', { needsAuthentication: true }),
  authenticationRequiredOnSetup: card('4000002500003155', { needsAuthentication: true }),
  authenticationRequiredChargeDeclinedInsufficientFunds: card('4000008260003178', {
    needsAuthentication: true,
    decline: insufficientFunds,
  }),
};

const named = new Map(Object.entries(cards));
const byNumber = new Map(Object.values(cards).map((testCard) => [testCard.number, testCard]));

/** Stripe's name for a card number that must not be told. */
export const fingerprintOfCard = (number: string): string =>
  createHash('sha256').update(number).digest('base64url').slice(0, 16);

const byFingerprint = new Map(
  Object.values(cards).map((testCard) => [fingerprintOfCard(testCard.number), testCard]),
);

export const testCardOfName = (name: string): TestCard | undefined =>
  named.get(name.replace(/^(tok|pm_card)_/, ''));
export const testCardOfNumber = (number: string): TestCard | undefined => byNumber.get(number);
export const testCardOfFingerprint = (fingerprint: string): TestCard | undefined =>
  byFingerprint.get(fingerprint);
