// Keeps the replica: any event about a ticket carries all of it, and the newest wins.
import type { TicketData } from '@ticketing/common';
import type { TicketReplicas } from './ticket';

export const copyTicket = (ticket: TicketData, tickets: TicketReplicas): Promise<void> =>
  tickets.applyIfNewer(ticket);
