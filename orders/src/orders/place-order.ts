// A buyer places an order: the ticket is theirs until it expires, or somebody else's already.
import { randomInt } from 'node:crypto';
import { openStatuses, OrderCreated, Unavailable, type Cause } from '@ticketing/common';
import { isDuplicateKey } from '@ticketing/common/store';
import type { Once } from '@ticketing/common/idempotency';
import { Types } from 'mongoose';
import type { TicketReplicas } from '../tickets/ticket';
import { isLiveOrder, placesIndex, type Order, type Orders } from './order';
import { OwnTicket, TicketAlreadyReserved, TooManyHolds, UnknownTicket } from './refusals';

export interface PlaceOrder {
  orders: Orders;
  tickets: TicketReplicas;
  expirationSeconds: number;
  /** How many unpaid orders a person may have at once. */
  maxOpenHolds: number;
}

const maxConflicts = 30;

interface Wanted {
  userId: string;
  ticketId: string;
  /** Given, the order has this id, and whichever try of the request placed it, it is the answer. */
  once?: Once | undefined;
}

export async function placeOrder(deps: PlaceOrder, wanted: Wanted, cause: Cause): Promise<Order> {
  const { orders } = deps;
  const { once } = wanted;
  if (!once) return place(deps, wanted, cause);
  const placed = once.isAgain ? await orders.find(once.id) : undefined;
  if (placed) return placed;
  try {
    return await place(deps, wanted, cause);
  } catch (error) {
    // Refused because of the very order that it asks for: another try was faster.
    const twin = await orders.find(once.id);
    if (twin) return twin;
    throw error;
  }
}

/**
 * The database decides between buyers: its unique indexes take one live order for a ticket, one of each number, and one
 * open order for each of the buyer's places. Whoever is first to order a ticket that was never ordered needs to look at
 * no other order.
 */
async function place(deps: PlaceOrder, { userId, ticketId, once }: Wanted, cause: Cause): Promise<Order> {
  const { orders, tickets, expirationSeconds, maxOpenHolds } = deps;
  const ticket = await tickets.find(ticketId);
  if (!ticket) throw new UnknownTicket();
  if (ticket.userId === userId) throw new OwnTicket();
  let sequence = 1;
  // Any: a buyer has few orders open, so it is nearly always free, and nothing needs to be looked up.
  let ownPlace = randomInt(maxOpenHolds);
  for (let conflicts = 0; conflicts < maxConflicts; conflicts++) {
    // The copy of the ticket only tells whether a look is likely to spare a write; it may be old, and judges nothing.
    if (conflicts > 0 || ticket.orderId !== null) {
      const last = await lastOrderOf(ticketId, orders);
      if (last && isLiveOrder(last)) throw new TicketAlreadyReserved();
      sequence = (last?.sequence ?? 0) + 1;
    }
    try {
      return await orders.create(
        {
          ...(once && { _id: new Types.ObjectId(once.id) }),
          userId,
          status: 'created',
          expiresAt: new Date(Date.now() + expirationSeconds * 1000),
          sequence,
          place: ownPlace,
          ticket: { id: ticketId, title: ticket.title, priceInCents: ticket.priceInCents },
        },
        OrderCreated,
        cause,
      );
    } catch (error) {
      // Somebody was faster. Whether they still have the ticket, the next look tells.
      if (!isDuplicateKey(error)) throw error;
      if (isDuplicateKey(error, placesIndex)) ownPlace = await freePlace(orders, userId, maxOpenHolds);
    }
  }
  throw new Unavailable(`Too many orders at once for ticket ${ticketId}.`);
}

const lastOrderOf = (ticketId: string, orders: Orders) =>
  orders.model
    .findOne({ 'ticket.id': ticketId }, { status: 1, sequence: 1 })
    .sort({ sequence: -1 })
    .lean<Pick<Order, 'status' | 'sequence'>>()
    .exec();

/** One of the buyer's places that no open order takes, at random: others of theirs may be looking too. */
async function freePlace(orders: Orders, userId: string, maxOpenHolds: number): Promise<number> {
  const open = await orders.model
    .find({ userId, status: { $in: openStatuses }, place: { $gte: 0 } }, { place: 1, _id: 0 })
    .lean<Pick<Order, 'place'>[]>()
    .exec();
  if (open.length >= maxOpenHolds) throw new TooManyHolds();
  const taken = new Set(open.map(({ place }) => place));
  let nth = randomInt(maxOpenHolds - taken.size);
  for (let place = 0; place < maxOpenHolds; place++) {
    if (!taken.has(place) && nth-- === 0) return place;
  }
  throw new TooManyHolds();
}
