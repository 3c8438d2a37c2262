// A buyer places an order: the ticket is theirs until it expires, or somebody else's already.
import { OrderCreated, Unavailable, type Cause } from '@ticketing/common';
import { isDuplicateKey } from '@ticketing/common/store';
import type { TicketReplica, TicketReplicas } from '../tickets/ticket';
import { isLiveOrder, type Order, type Orders } from './order';
import { TicketAlreadyReserved, UnknownTicket } from './refusals';

export interface PlaceOrder {
  orders: Orders;
  tickets: TicketReplicas;
  expirationSeconds: number;
}

const maxConflicts = 10;

/**
 * The database decides between buyers: its unique indexes take one live order for a ticket, and one of each number.
 * Looking at the last order first spares most losers of a race a failing write; it decides nothing.
 */
export async function placeOrder(
  deps: PlaceOrder,
  userId: string,
  ticketId: string,
  cause: Cause,
): Promise<Order> {
  const { orders, tickets, expirationSeconds } = deps;
  for (let conflicts = 0; conflicts < maxConflicts; conflicts++) {
    const [ticket, last] = await Promise.all([
      tickets.findById(ticketId).lean<TicketReplica>().exec(),
      lastOrderOf(ticketId, orders),
    ]);
    if (!ticket) throw new UnknownTicket();
    if (last && isLiveOrder(last)) throw new TicketAlreadyReserved();
    try {
      return await orders.create(
        {
          userId,
          status: 'created',
          expiresAt: new Date(Date.now() + expirationSeconds * 1000),
          sequence: (last?.sequence ?? 0) + 1,
          ticket: { id: ticketId, title: ticket.title, priceInCents: ticket.priceInCents },
        },
        OrderCreated,
        cause,
      );
    } catch (error) {
      // Somebody was faster. Whether they still have the ticket, the next look tells.
      if (!isDuplicateKey(error)) throw error;
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
