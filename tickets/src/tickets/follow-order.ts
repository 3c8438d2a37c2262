// A ticket follows its orders: held when one is placed, sold when it is paid, free again when it is cancelled.
import { isLive, TicketUpdated, type CloudEvent, type OrderData } from '@ticketing/common';
import type { Ticket, Tickets } from './ticket';

/**
 * One rule for every event about an order. Orders of a ticket are numbered in the order in which they were placed, so
 * news is what has a higher number, or the same number and a higher version. An old order's cancellation can then
 * never free a ticket that a newer one has, nor its creation hold it again, in whatever order they arrive.
 */
export async function followOrder(
  { data: order, ...cause }: CloudEvent<OrderData>,
  tickets: Tickets,
): Promise<void> {
  await tickets.change(
    order.ticket.id,
    (ticket) =>
      isNews(order, ticket)
        ? {
            set: {
              orderId: isLive(order.status) ? order.id : null,
              orderSequence: order.sequence,
              orderVersion: order.version,
              soldAt: order.status === 'complete' ? new Date(cause.time) : null,
            },
            announce: TicketUpdated,
          }
        : undefined,
    cause,
  );
}

// A ticket that followed no order yet has sequence 0; orders count from 1.
const isNews = (order: OrderData, ticket: Ticket): boolean =>
  order.sequence > ticket.orderSequence ||
  (order.sequence === ticket.orderSequence && order.version > ticket.orderVersion);
