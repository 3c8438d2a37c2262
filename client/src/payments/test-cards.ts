// The sandbox's cards: Stripe's own test numbers, and the tokens that stand for them. https://docs.stripe.com/testing
import type { Problems, Values } from '../ui/form';

export interface TestCard {
  number: string;
  token: string;
  what: string;
}

export const testCards: readonly TestCard[] = [
  { number: '4242 4242 4242 4242', token: 'tok_visa', what: 'Visa, is charged' },
  { number: '5555 5555 5555 4444', token: 'tok_mastercard', what: 'Mastercard, is charged' },
  { number: '4000 0000 0000 0002', token: 'tok_chargeDeclined', what: 'is declined' },
  {
    number: '4000 0000 0000 9995',
    token: 'tok_chargeDeclinedInsufficientFunds',
    what: 'has insufficient funds',
  },
  { number: '4000 0000 0000 0069', token: 'tok_chargeDeclinedExpiredCard', what: 'has expired' },
  { number: '4000 0000 0000 0127', token: 'tok_chargeDeclinedIncorrectCvc', what: 'has a wrong CVC' },
  {
    number: '4000 0000 0000 3220',
    token: 'tok_threeDSecure2Required',
    what: 'asks your bank, is charged',
  },
  {
    number: '4000 0084 0000 1629',
    token: 'tok_threeDSecureRequiredChargeDeclined',
    what: 'asks your bank, is declined',
  },
  { number: '4000 0000 0000 0119', token: 'tok_chargeDeclinedProcessingError', what: 'cannot be processed' },
];

const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** The token of what was typed, or what is wrong with it. No card but these is taken, so no real one is ever sent. */
export function readCard(values: Values, now = new Date()): { token: string } | { problems: Problems } {
  const { number = '', expiry = '', cvc = '' } = values;
  const card = testCards.find((each) => digitsOf(each.number) === digitsOf(number));
  const problems = {
    ...(!card && { number: 'This is a sandbox: use one of the test cards below.' }),
    ...(!isAhead(expiry, now) && { expiry: 'Enter a month to come, like 12/34.' }),
    ...(!/^\d{3,4}$/.test(cvc.trim()) && { cvc: 'Enter any 3 digits.' }),
  };
  return card && Object.keys(problems).length === 0 ? { token: card.token } : { problems };
}

/** A card is good to the end of its month. */
function isAhead(expiry: string, now: Date): boolean {
  const [, month, year] = /^\s*(\d{1,2})\s*\/?\s*(?:20)?(\d{2})\s*$/.exec(expiry) ?? [];
  const months = (2000 + Number(year)) * 12 + Number(month) - 1;
  return Number(month) >= 1 && Number(month) <= 12 && months >= now.getFullYear() * 12 + now.getMonth();
}
