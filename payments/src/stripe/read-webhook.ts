// A webhook of Stripe's, believed only with its signature: https://docs.stripe.com/webhooks#verify-events
import Stripe from 'stripe';
import { WebhookUnverified } from '../payments/refusals';

/** How old a signature may be: what somebody has recorded cannot be sent again later. */
const toleranceSeconds = 300;

/** What is read of an event: which kind, and which order's intent it is about, if it is about one of ours. */
export interface StripeEvent {
  id: string;
  type: string;
  /** Absent: about nothing that payments made. */
  about?: { orderId: string; stripeId: string };
  /** Of a charge: all of it is paid back. */
  isRefunded: boolean;
}

/** @throws WebhookUnverified for what is forged, stale, or no event */
export function readWebhook(body: unknown, signature: string | undefined, secret: string): StripeEvent {
  if (!Buffer.isBuffer(body) || signature === undefined) throw new WebhookUnverified();
  try {
    return eventFrom(Stripe.webhooks.constructEvent(body, signature, secret, toleranceSeconds));
  } catch (error) {
    const isTheirs = error instanceof Stripe.errors.StripeSignatureVerificationError;
    if (isTheirs || error instanceof SyntaxError) throw new WebhookUnverified();
    throw error;
  }
}

/** Signed is not the same as complete: accounts have objects of other makers, and events of other versions. */
function eventFrom(json: unknown): StripeEvent {
  const { id, type, data } = (json ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof type !== 'string') throw new WebhookUnverified();
  const object = fieldsOf(fieldsOf(data)['object']);
  const orderId = fieldsOf(object['metadata'])['orderId'];
  const intent = object['object'] === 'charge' ? object['payment_intent'] : object['id'];
  const isOurs = typeof orderId === 'string' && typeof intent === 'string';
  return {
    id,
    type,
    isRefunded: object['refunded'] === true,
    ...(isOurs && { about: { orderId, stripeId: intent } }),
  };
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
