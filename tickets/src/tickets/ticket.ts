// The ticket: what tickets owns.
import { fromMinorUnits, type TicketData } from '@ticketing/common';
import { aggregate, Aggregates, defineModel, type AggregateState } from '@ticketing/common/store';
import { Schema, type Connection } from 'mongoose';

export interface Ticket extends AggregateState {
  title: string;
  /** The parts of the title that a search can ask for; see search.ts. Hidden from queries. */
  titleTrigrams?: string[];
  priceInCents: number;
  /** The seller. */
  userId: string;
  /** The live order that has the ticket. */
  orderId: string | null;
  /** Which order, and which of its versions, the ticket last followed: see follow-order.ts. */
  orderSequence: number;
  orderVersion: number;
  soldAt: Date | null;
}

/** What can be bought, in the two orders of its list. */
export const byAge = { orderId: 1, createdAt: -1, _id: -1 } as const;
export const byPrice = { orderId: 1, priceInCents: 1, _id: 1 } as const;

const schema = new Schema<Ticket>({
  title: { type: String, required: true },
  titleTrigrams: { type: [String], select: false },
  priceInCents: { type: Number, required: true },
  userId: { type: String, required: true },
  orderId: { type: String, default: null },
  orderSequence: { type: Number, required: true },
  orderVersion: { type: Number, required: true },
  soldAt: { type: Date, default: null },
})
  .plugin(aggregate)
  // One index for each list: what can be bought (by age and by price), a seller's own, what a search finds.
  .index(byAge)
  .index(byPrice)
  .index({ userId: 1, createdAt: -1, _id: -1 })
  .index({ titleTrigrams: 1, createdAt: -1, _id: -1 });

export type Tickets = Aggregates<Ticket, TicketData>;

export const ticketAggregates = (connection: Connection): Tickets =>
  new Aggregates(defineModel<Ticket>(connection, 'Ticket', schema, 'tickets'), {
    source: 'tickets',
    describe: ({ _id, version, title, priceInCents, userId, orderId, soldAt }) => ({
      id: String(_id),
      version,
      title,
      priceInCents,
      userId,
      orderId,
      ...(soldAt && { soldAt: soldAt.toISOString() }),
    }),
  });

/** Held or sold. */
export const isReserved = (ticket: Ticket): boolean => ticket.orderId !== null;

/** What an answer shows of a ticket. */
export const viewTicket = ({
  _id,
  title,
  priceInCents,
  userId,
  version,
  createdAt,
  orderId,
  soldAt,
}: Ticket) => ({
  id: String(_id),
  title,
  price: fromMinorUnits(priceInCents),
  userId,
  version,
  createdAt: createdAt.toISOString(),
  ...(orderId !== null && { orderId }),
  ...(soldAt && { soldAt: soldAt.toISOString() }),
});
