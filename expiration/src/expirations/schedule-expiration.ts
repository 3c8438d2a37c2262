// An order was placed: its clock starts.
import type { CloudEvent, OrderData } from '@ticketing/common';
import type { ExpirationQueue } from './expiration-queue';

/** Safe to run twice: an order has one job. An order whose time is up already is announced at once. */
export const scheduleExpiration = (
  { data: { id, expiresAt }, traceparent }: CloudEvent<OrderData>,
  queue: Pick<ExpirationQueue, 'add'>,
): Promise<void> => queue.add({ orderId: id, expiresAt, traceparent });
