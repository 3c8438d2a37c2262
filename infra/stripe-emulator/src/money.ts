// Stripe's limits on amounts, which are whole minor units: https://docs.stripe.com/currencies
import { invalidParam } from './errors';
import type { Params } from './params';

const largest = 99_999_999;
const minimums: Readonly<Record<string, number>> = {
  aud: 50, cad: 50, chf: 50, czk: 1500, dkk: 250, eur: 50, gbp: 30, hkd: 400, huf: 17500, inr: 50, jpy: 50,
  mxn: 1000, nok: 300, nzd: 50, pln: 200, ron: 200, sek: 300, sgd: 50, usd: 50,
}; // prettier-ignore

export function formatAmount(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

export function readCurrency(params: Params): string {
  const currency = params.requiredString('currency').toLowerCase();
  if (minimums[currency] !== undefined) return currency;
  throw invalidParam(
    'currency',
    `Invalid currency: ${currency}. The Stripe emulator supports these currencies: ${Object.keys(minimums).join(', ')}`,
  );
}

export function checkAmount(amount: number, currency: string): number {
  if (amount < 1) throw atLeastOne();
  const minimum = minimums[currency] ?? 1;
  if (amount < minimum) {
    const text = `Amount must be at least ${formatAmount(minimum, currency)} ${currency}`;
    throw invalidParam('amount', text, 'amount_too_small');
  }
  if (amount > largest) {
    throw invalidParam(
      'amount',
      `Amount must be no more than ${formatAmount(largest, currency)}`,
      'amount_too_large',
    );
  }
  return amount;
}

export const atLeastOne = (): Error =>
  invalidParam('amount', 'This value must be greater than or equal to 1.', 'parameter_invalid_integer');
