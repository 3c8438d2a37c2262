// A seller lists a ticket.
import { TicketCreated, type Cause } from '@ticketing/common';
import type { TicketInput } from './input';
import { trigrams } from './search';
import type { Ticket, Tickets } from './ticket';

export function listTicket(
  tickets: Tickets,
  userId: string,
  { title, price }: TicketInput,
  cause: Cause,
): Promise<Ticket> {
  return tickets.create(
    {
      title,
      titleTrigrams: trigrams(title),
      priceInCents: price,
      userId,
      orderId: null,
      orderSequence: 0,
      orderVersion: 0,
      soldAt: null,
    },
    TicketCreated,
    cause,
  );
}
