// Lists of tickets: what can be bought, or all of one seller's.
import { newestFirst, olderThan, type Position } from '@ticketing/common';
import { titleContains, trigrams } from './search';
import { byAge, byPrice, type Ticket, type Tickets } from './ticket';

const searchTimeoutMs = 2000;

/** The ways to sort besides newest first, as the query names them: cheapest first, and dearest first. */
export const priceSorts = { price: 1, '-price': -1 } as const;
export type PriceSort = keyof typeof priceSorts;

export interface TicketQuery {
  /** Only this seller's, held and sold included; else whatever can be bought. */
  sellerId: string | undefined;
  /** Only titles that contain this. */
  text: string | undefined;
  /** Newest first unless told. */
  sort: PriceSort | undefined;
  after: Position | undefined;
  limit: number;
}

/** What a list shows; the rest costs as much to read again. */
const listed = { title: 1, priceInCents: 1, userId: 1, version: 1, orderId: 1, soldAt: 1, createdAt: 1 };

/** One more than `limit`, if there is one. */
export async function findTickets(tickets: Tickets, query: TicketQuery): Promise<Ticket[]> {
  const { sort, after, limit } = query;
  if (!sort) return find(tickets, query, olderThan(after), newestFirst, limit + 1);
  const direction = priceSorts[sort];
  const order = { priceInCents: direction, _id: direction };
  if (!after) return find(tickets, query, {}, order, limit + 1);
  // Of one price there may be any number. One range of the index after the other, so that none before the cursor is read.
  const beyond = direction === 1 ? '$gt' : '$lt';
  const { key, id } = after;
  const equal = { priceInCents: key, _id: { [beyond]: id } };
  const same = await find(tickets, query, equal, { _id: direction }, limit + 1);
  if (same.length > limit) return same;
  const rest = { priceInCents: { [beyond]: key } };
  return [...same, ...(await find(tickets, query, rest, order, limit + 1 - same.length))];
}

function find(
  { model }: Tickets,
  { sellerId, text, sort }: TicketQuery,
  range: object,
  order: Record<string, 1 | -1>,
  limit: number,
): Promise<Ticket[]> {
  const query = model
    .find(
      {
        ...(sellerId === undefined ? { orderId: null } : { userId: sellerId }),
        ...(text !== undefined && titleContains(text)),
        ...range,
      },
      listed,
    )
    .sort(order)
    .limit(limit)
    .maxTimeMS(searchTimeoutMs)
    .lean<Ticket[]>();
  // Too short for an index of its own: what is in order is looked through, and nothing is sorted.
  const isShort = text !== undefined && trigrams(text).length === 0;
  if (isShort && sellerId === undefined) query.hint(sort ? byPrice : byAge);
  return query.exec();
}
