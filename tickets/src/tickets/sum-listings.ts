// What a seller has: how many are available, held and sold, and for how much; of all listings, not of a page.
import { fromMinorUnits } from '@ticketing/common';
import type { Tickets } from './ticket';

const timeoutMs = 2000;

interface Sum {
  count: number;
  /** Of their prices, decimal. */
  total: number;
}

export type Totals = Record<'available' | 'held' | 'sold', Sum>;

/** Reads this seller's listings, by their index, and nobody else's. */
export async function sumListings({ model }: Tickets, sellerId: string): Promise<Totals> {
  const state = {
    $cond: [
      { $eq: ['$orderId', null] },
      'available',
      { $cond: [{ $eq: ['$soldAt', null] }, 'held', 'sold'] },
    ],
  };
  const sums = await model
    .aggregate<{ _id: string; count: number; cents: number }>([
      { $match: { userId: sellerId } },
      { $group: { _id: state, count: { $sum: 1 }, cents: { $sum: '$priceInCents' } } },
    ])
    .option({ maxTimeMS: timeoutMs });
  const of = (name: string): Sum => {
    const { count = 0, cents = 0 } = sums.find(({ _id }) => _id === name) ?? {};
    return { count, total: fromMinorUnits(cents) };
  };
  return { available: of('available'), held: of('held'), sold: of('sold') };
}
