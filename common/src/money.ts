// Prices: decimal at the API, whole minor units everywhere else. `19.99 * 100` in floating point is not 1999.

export const maxPrice = 1_000_000;

/**
 * Reads a price in the currency's major unit, a number or a numeral as forms send it, of at most two decimals.
 *
 * @returns minor units; undefined when it is no price over 0 and up to `maxPrice`
 */
export function toMinorUnits(price: unknown): number | undefined {
  const isNumeral = typeof price === 'string' && /^\d{1,7}(\.\d{1,2})?$/.test(price);
  const value = isNumeral ? Number(price) : price;
  if (typeof value !== 'number' || !(value > 0 && value <= maxPrice)) return undefined;
  return Number(value.toFixed(2)) === value ? Math.round(value * 100) : undefined;
}

/** Minor units as the decimal number that answers show. */
export const fromMinorUnits = (minorUnits: number): number => minorUnits / 100;
