// Lists of tickets: what can be bought, or all of one seller's.
import { newestFirst, olderThan, type Position } from '@ticketing/common';
import { titleContains } from './search';
import type { Ticket, Tickets } from './ticket';

const searchTimeoutMs = 2000;

export interface TicketQuery {
  /** Only this seller's, held and sold included; else whatever can be bought. */
  sellerId: string | undefined;
  /** Only titles that contain this. */
  text: string | undefined;
  after: Position | undefined;
  limit: number;
}

/** What a list shows; the rest costs as much to read again. */
const listed = { title: 1, priceInCents: 1, userId: 1, version: 1, orderId: 1, soldAt: 1, createdAt: 1 };

/** Newest first; one more than `limit`, if there is one. */
export function findTickets(
  { model }: Tickets,
  { sellerId, text, after, limit }: TicketQuery,
): Promise<Ticket[]> {
  return model
    .find(
      {
        ...(sellerId === undefined ? { orderId: null } : { userId: sellerId }),
        ...(text !== undefined && titleContains(text)),
        ...olderThan(after),
      },
      listed,
    )
    .sort(newestFirst)
    .limit(limit + 1)
    .maxTimeMS(searchTimeoutMs)
    .lean<Ticket[]>()
    .exec();
}
