// Builders of events with valid defaults: a test states only what matters to it.
import {
  createEvent,
  newCause,
  type CloudEvent,
  type Contract,
  type OrderData,
  type TicketData,
} from '../events';
import { newId } from './session';

/** Wraps data as it would arrive. */
export const eventOf = <D extends { id?: string; version?: number }>(
  contract: Contract<D>,
  data: D,
): CloudEvent<D> =>
  createEvent(contract, data, {
    source: 'test',
    subject: data.id ?? newId(),
    version: data.version ?? 0,
    cause: newCause(),
  });

export const ticketData = (given: Partial<TicketData> = {}): TicketData => ({
  id: newId(),
  version: 0,
  title: 'A concert',
  priceInCents: 1999,
  userId: newId(),
  orderId: null,
  ...given,
});

export const orderData = (given: Partial<OrderData> = {}): OrderData => ({
  id: newId(),
  version: 0,
  status: 'created',
  userId: newId(),
  expiresAt: new Date(Date.now() + 60_000).toISOString(),
  sequence: 1,
  ticket: { id: newId(), title: 'A concert', priceInCents: 1999 },
  ...given,
});
