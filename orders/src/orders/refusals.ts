// Why orders refuses; the README lists the codes.
import { refusal } from '@ticketing/common';

export const OrderNotFound = refusal(404, 'orders.not_found', 'There is no such order.');
export const UnknownTicket = refusal(404, 'orders.ticket_not_found', 'There is no such ticket.', 'ticketId');
export const TicketAlreadyReserved = refusal(
  400,
  'orders.ticket_already_reserved',
  'Someone was faster: this ticket is already reserved.',
  'ticketId',
);
export const OwnTicket = refusal(
  400,
  'orders.own_ticket',
  'This is your own ticket: there is no need to buy it.',
  'ticketId',
);
export const TooManyHolds = refusal(
  400,
  'orders.too_many_holds',
  'You hold as many unpaid tickets as one person may. Pay for one or cancel it first.',
);
export const NotTheBuyer = refusal(401, 'orders.not_the_buyer', 'This order is not yours.');
export const OrderAlreadyComplete = refusal(
  400,
  'orders.already_complete',
  'This order is paid and can no longer be cancelled.',
);
