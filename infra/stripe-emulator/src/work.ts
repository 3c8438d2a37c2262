// What a use case is given: one request's parameters, and the unit of work its changes go into.
import type Stripe from 'stripe';
import { resourceMissing } from './errors';
import { newId } from './ids';
import type { Params } from './params';
import type { Changes, StoredEvent } from './store';

export interface Work {
  changes: Changes;
  params: Params;
  /** The identifier in the path, or an empty string. */
  id: string;
  /** Seconds since 1970, as all of Stripe's times. */
  now: number;
  /** The caller's version of Stripe's API. */
  apiVersion: string;
  /** How the caller reaches this emulator, for the links in an answer. */
  baseUrl: string;
  request: { id: string; idempotencyKey: string | undefined };
  /** 1 when events are sent somewhere. */
  pendingWebhooks: number;
}

/** Stripe's API as the SDK in this repository pins it; of a caller that names none, too. */
export const currentApiVersion = '2026-10-28.endive';

export function announce(
  work: Work,
  type: string,
  object: Stripe.PaymentIntent | Stripe.Charge,
  previous?: Record<string, unknown>,
): void {
  const { changes, now, request, pendingWebhooks } = work;
  const event: StoredEvent = {
    id: newId('evt_3'),
    object: 'event',
    api_version: currentApiVersion,
    created: now,
    data: { object, ...(previous === undefined ? {} : { previous_attributes: previous }) },
    livemode: false,
    pending_webhooks: pendingWebhooks,
    request: { id: request.id, idempotency_key: request.idempotencyKey ?? null },
    type,
  };
  changes.put('events', event);
}

export function intentOf({ changes, id }: Work): Stripe.PaymentIntent {
  const intent = changes.get('payment_intents', id);
  if (intent === undefined) throw resourceMissing('payment_intent', id, 'intent');
  return intent;
}
