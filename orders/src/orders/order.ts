// The order: what orders owns. Its states and who may have which.
import {
  fromMinorUnits,
  isLive,
  type CancelReason,
  liveStatuses,
  openStatuses,
  type OrderData,
  type OrderStatus,
} from '@ticketing/common';
import { aggregate, Aggregates, defineModel, type AggregateState } from '@ticketing/common/store';
import { Schema, type Connection } from 'mongoose';

export interface Order extends AggregateState {
  /** The buyer. */
  userId: string;
  status: OrderStatus;
  expiresAt: Date;
  /** The how-manieth order of its ticket, from 1; see OrderData. */
  sequence: number;
  /** Which of its buyer's places it takes while it is open, from 0: see the index `one_order_a_place`. */
  place: number;
  /** The ticket as it was ordered; the price stays the one ordered at. */
  ticket: { id: string; title: string; priceInCents: number };
  /** Of a cancelled order, unless an earlier release cancelled it. */
  cancelReason?: CancelReason;
  cancelledAt?: Date;
}

/** From which state an order may pass to which. An order ends complete or cancelled, never both. */
export const transitions: Record<OrderStatus, readonly OrderStatus[]> = {
  created: ['awaiting:payment', 'complete', 'cancelled'],
  'awaiting:payment': ['complete', 'cancelled'],
  complete: [],
  cancelled: [],
};

export const mayBecome = (order: Order, status: OrderStatus): boolean =>
  transitions[order.status].includes(status);

export const placesIndex = 'one_order_a_place';

const schema = new Schema<Order>({
  userId: { type: String, required: true },
  status: { type: String, required: true },
  expiresAt: { type: Date, required: true },
  sequence: { type: Number, required: true },
  place: { type: Number, required: true },
  ticket: {
    id: { type: String, required: true },
    title: { type: String, required: true },
    priceInCents: { type: Number, required: true },
  },
  cancelReason: { type: String },
  cancelledAt: { type: Date },
})
  .plugin(aggregate)
  // The arbiter of every race: the database takes one live order for a ticket, from whichever replica.
  .index(
    { 'ticket.id': 1 },
    { name: 'one_live_order', unique: true, partialFilterExpression: { status: { $in: liveStatuses } } },
  )
  // Numbers a ticket's orders without a gap or a repeat, and finds the last of them.
  .index({ 'ticket.id': 1, sequence: -1 }, { name: 'sequence', unique: true })
  .index({ userId: 1, createdAt: -1, _id: -1 })
  // A person has so many places for what they hold unpaid, and the database takes one open order for each. (Orders from
  // before there were places have none.)
  .index(
    { userId: 1, place: 1 },
    {
      name: placesIndex,
      unique: true,
      partialFilterExpression: { status: { $in: openStatuses }, place: { $gte: 0 } },
    },
  )
  // What is open, by when it falls due: as small as what is open.
  .index({ expiresAt: 1 }, { name: 'open', partialFilterExpression: { status: { $in: openStatuses } } });

export type Orders = Aggregates<Order, OrderData>;

export const orderAggregates = (connection: Connection): Orders =>
  new Aggregates(defineModel<Order>(connection, 'Order', schema, 'orders'), {
    source: 'orders',
    describe: ({ _id, version, status, userId, expiresAt, sequence, ticket, cancelReason, cancelledAt }) => ({
      id: String(_id),
      version,
      status,
      userId,
      expiresAt: expiresAt.toISOString(),
      sequence,
      ticket,
      ...(cancelReason && { cancelReason }),
      ...(cancelledAt && { cancelledAt: cancelledAt.toISOString() }),
    }),
  });

/** What an answer shows of an order. */
export const viewOrder = (order: Order) => ({
  ...viewOrderData({ ...order, id: String(order._id), expiresAt: order.expiresAt.toISOString() }),
  createdAt: order.createdAt.toISOString(),
  ...(order.cancelledAt && { cancelledAt: order.cancelledAt.toISOString() }),
});

type Shown = Pick<
  OrderData,
  'id' | 'status' | 'expiresAt' | 'userId' | 'version' | 'ticket' | 'cancelReason'
>;

/** The part of it that an order's events tell too. */
export const viewOrderData = ({ id, status, expiresAt, userId, version, ticket, cancelReason }: Shown) => ({
  id,
  status,
  expiresAt,
  userId,
  version,
  ticket: { id: ticket.id, title: ticket.title, price: fromMinorUnits(ticket.priceInCents) },
  ...(cancelReason && { cancelReason }),
});

export const isLiveOrder = (order: Pick<Order, 'status'>): boolean => isLive(order.status);
