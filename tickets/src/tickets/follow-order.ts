// A ticket follows its orders: held when one is placed, sold when it is paid, free again when it is cancelled.
import { inBatches, isLive, TicketUpdated, type CloudEvent, type OrderData } from '@ticketing/common';
import type { Ticket, Tickets } from './ticket';

type OrderEvent = CloudEvent<OrderData>;

/**
 * One rule for every event about an order. Orders of a ticket are numbered in the order in which they were placed, so
 * news is what has a higher number, or the same number and a higher version. An old order's cancellation can then
 * never free a ticket that a newer one has, nor its creation hold it again, in whatever order they arrive. Of events
 * that come together only a ticket's newest counts: it is as if the others had come late.
 */
export function followOrders(tickets: Tickets): (event: OrderEvent) => Promise<void> {
  return inBatches<OrderEvent>(async (events) => {
    const newest = new Map<string, OrderEvent>();
    for (const event of events) {
      const { id } = event.data.ticket;
      const known = newest.get(id);
      if (!known || isNewer(event.data, known.data)) newest.set(id, event);
    }
    const failures = await tickets.changeMany(newest, (ticket) => {
      const event = newest.get(String(ticket._id));
      if (!event || !isNewer(event.data, { sequence: ticket.orderSequence, version: ticket.orderVersion }))
        return undefined;
      return { set: follow(event), announce: TicketUpdated };
    });
    return events.map(({ data }) => failures.get(data.ticket.id));
  });
}

/** Which order of its ticket, and which of that order's states. A ticket that followed none yet has sequence 0. */
interface Place {
  sequence: number;
  version: number;
}

const isNewer = (order: OrderData, known: Place): boolean =>
  order.sequence > known.sequence || (order.sequence === known.sequence && order.version > known.version);

const follow = ({ data: order, time }: OrderEvent): Partial<Ticket> => ({
  orderId: isLive(order.status) ? order.id : null,
  orderSequence: order.sequence,
  orderVersion: order.version,
  soldAt: order.status === 'complete' ? new Date(time) : null,
});
