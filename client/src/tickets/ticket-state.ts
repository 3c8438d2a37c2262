// What a ticket is to the one who looks at it, by what the server said.
import type { Ticket } from '../api/api';

export type TicketState = 'free' | 'own' | 'held-by-me' | 'held' | 'bought-by-me' | 'sold';

export function stateOf(ticket: Ticket, userId: string | undefined, isMyOrder: boolean): TicketState {
  if (ticket.soldAt !== undefined) return isMyOrder ? 'bought-by-me' : 'sold';
  if (ticket.orderId !== undefined) return isMyOrder ? 'held-by-me' : 'held';
  return ticket.userId === userId ? 'own' : 'free';
}

export const stampOf: Record<TicketState, string | undefined> = {
  free: undefined,
  own: undefined,
  'held-by-me': 'Held for you',
  held: 'On hold',
  'bought-by-me': 'Yours',
  sold: 'Sold',
};
