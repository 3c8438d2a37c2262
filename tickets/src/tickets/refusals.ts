// Why tickets refuses; the README lists the codes.
import { refusal } from '@ticketing/common';

export const TicketNotFound = refusal(404, 'tickets.not_found', 'There is no such ticket.');
export const NotTheSeller = refusal(401, 'tickets.not_the_seller', 'Only its seller can change a ticket.');
export const TicketIsReserved = refusal(
  400,
  'tickets.reserved',
  'This ticket is held or sold and cannot be changed.',
);
