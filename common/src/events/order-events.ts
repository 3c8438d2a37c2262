// What orders announces. Each event carries the order's whole state.
import { z } from 'zod';
import { defineEvent } from './contract';
import { instant, minorUnits, objectId, version } from './schemas';
import { cancelReasons, orderStatuses } from './status';

const orderData = z.object({
  id: objectId,
  version,
  status: z.enum(orderStatuses),
  /** The buyer. */
  userId: objectId,
  expiresAt: instant,
  /**
   * The how-manieth order of its ticket this is, from 1: a fencing token. Whoever follows a ticket's orders lets
   * a later one replace an earlier one and never the reverse, without comparing clocks.
   */
  sequence: z.int().positive(),
  /** The ticket as it was ordered: the buyer pays this price whatever becomes of the listing. */
  ticket: z.object({ id: objectId, title: z.string(), priceInCents: minorUnits }),
  /** Of a cancelled order; earlier releases said neither. */
  cancelReason: z.enum(cancelReasons).optional(),
  cancelledAt: instant.optional(),
});
export type OrderData = z.infer<typeof orderData>;

/** Fires when a ticket is held. Listens: tickets (holds it), expiration (starts the clock), payments (may charge). */
export const OrderCreated = defineEvent('order:created', orderData);

/** Fires when a hold ends unpaid. Listens: tickets (frees it), payments (stops, voids or refunds the charge). */
export const OrderCancelled = defineEvent('order:cancelled', orderData);

/** Fires when an order is paid. Listens: payments, so that its copy of the order agrees. */
export const OrderCompleted = defineEvent('order:completed', orderData);
