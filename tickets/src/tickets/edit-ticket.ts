// A seller edits a ticket that nobody has.
import { TicketUpdated, type Cause } from '@ticketing/common';
import type { TicketInput } from './input';
import { NotTheSeller, TicketIsReserved, TicketNotFound } from './refusals';
import { trigrams } from './search';
import { isReserved, type Ticket, type Tickets } from './ticket';

export async function editTicket(
  tickets: Tickets,
  id: string,
  userId: string,
  { title, price }: TicketInput,
  cause: Cause,
): Promise<Ticket> {
  const edited = await tickets.change(
    id,
    (ticket) => {
      if (ticket.userId !== userId) throw new NotTheSeller();
      if (isReserved(ticket)) throw new TicketIsReserved();
      return { set: { title, titleTrigrams: trigrams(title), priceInCents: price }, announce: TicketUpdated };
    },
    cause,
  );
  if (!edited) throw new TicketNotFound();
  return edited;
}
