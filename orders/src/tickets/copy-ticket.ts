// Keeps the replica: any event about a ticket carries all of it, and the newest wins.
import type { TicketData } from '@ticketing/common';
import { applyIfNewer } from '@ticketing/common/store';
import type { TicketReplicas } from './ticket';

export const copyTicket = ({ id, ...state }: TicketData, tickets: TicketReplicas): Promise<boolean> =>
  applyIfNewer(tickets, id, state);
