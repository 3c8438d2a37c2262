// Reads `card[token]`, or a card's number and its date, with the refusals Stripe has for them in test mode.
import { testCardOfName, testCardOfNumber, type TestCard } from './cards';
import { resourceMissing, StripeApiError } from './errors';
import type { Params } from './params';

export interface Expiry {
  exp_month: number;
  exp_year: number;
}

const cardError = (code: string, message: string, param: string, declineCode?: string): StripeApiError =>
  new StripeApiError(402, {
    type: 'card_error',
    code,
    message,
    param,
    ...(declineCode === undefined ? {} : { decline_code: declineCode }),
  });

function isLuhnValid(number: string): boolean {
  const digits = number.split('').reverse().map(Number);
  const sum = digits.reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return /^\d{12,19}$/.test(number) && sum % 10 === 0;
}

function cardOfNumber(number: string, param: string): TestCard {
  const plain = number.replace(/[ -]/g, '');
  const known = testCardOfNumber(plain);
  if (known !== undefined) return known;
  if (!isLuhnValid(plain)) throw cardError('incorrect_number', 'Your card number is incorrect.', param);
  throw cardError(
    'card_declined',
    'Your card was declined. Your request was in test mode, but used a non test (live) card. ' +
      'For a list of valid test cards, visit: https://stripe.com/docs/testing.',
    param,
    'test_mode_live_card',
  );
}

function readExpiry(params: Params, now: number): Expiry {
  const month = params.requiredInteger('exp_month');
  const passedYear = params.requiredInteger('exp_year');
  const year = passedYear < 100 ? 2000 + passedYear : passedYear;
  const today = new Date(now * 1000);
  if (month < 1 || month > 12) {
    throw cardError(
      'invalid_expiry_month',
      "Your card's expiration month is invalid.",
      params.nameOf('exp_month'),
    );
  }
  const hasPassed = Date.UTC(year, month) <= today.getTime();
  if (hasPassed || year > today.getUTCFullYear() + 50) {
    throw cardError(
      'invalid_expiry_year',
      "Your card's expiration year is invalid.",
      params.nameOf('exp_year'),
    );
  }
  return { exp_month: month, exp_year: year };
}

export function readCard(params: Params, now: number): Expiry & { card: TestCard } {
  const token = params.string('token');
  if (token !== undefined) {
    const card = token.startsWith('tok_') ? testCardOfName(token) : undefined;
    if (card === undefined) throw resourceMissing('token', token, params.nameOf('token'), 400);
    return { card, ...usualExpiry(now) };
  }
  const cvc = params.string('cvc');
  const expiry = readExpiry(params, now);
  const card = cardOfNumber(params.requiredString('number'), params.nameOf('number'));
  if (cvc !== undefined && !/^\d{3,4}$/.test(cvc)) {
    throw cardError('invalid_cvc', "Your card's security code is invalid.", params.nameOf('cvc'));
  }
  return { card, ...expiry };
}

/** Of a token, which brings its own: always next year's. */
export const usualExpiry = (now: number): Expiry => ({
  exp_month: 12,
  exp_year: new Date(now * 1000).getUTCFullYear() + 1,
});
