// Keeps the replica: any event about an order carries all of it, and the newest wins.
import type { OrderData } from '@ticketing/common';
import type { OrderReplicas } from './order';

export const copyOrder = (
  { id, version, status, userId, expiresAt, ticket }: OrderData,
  orders: OrderReplicas,
  traceparent?: string,
): Promise<void> =>
  orders.applyIfNewer({
    id,
    version,
    status,
    userId,
    expiresAt: new Date(expiresAt),
    ticketId: ticket.id,
    priceInCents: ticket.priceInCents,
    ...(traceparent !== undefined && { traceparent }),
  });
