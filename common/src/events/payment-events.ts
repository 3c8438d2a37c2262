import { z } from 'zod';
import { defineEvent } from './contract';
import { minorUnits, objectId, version } from './schemas';

const paymentData = z.object({
  /** The order's own id: an order has one payment. */
  id: objectId,
  version,
  orderId: objectId,
  /** Stripe's id of the PaymentIntent. */
  stripeId: z.string().min(1),
  amountInCents: minorUnits,
});
export type PaymentData = z.infer<typeof paymentData>;

/** Fires when an order has been charged. Listens: orders, which completes it. */
export const PaymentCreated = defineEvent('payment:created', paymentData);
