// The door to Stripe: one PaymentIntent for an order, confirmed until a card pays, cancelled or refunded.
import { Unavailable } from '@ticketing/common';
import Stripe from 'stripe';
import { AmountNotChargeable } from '../payments/refusals';

const currency = 'usd';
const timeoutMs = 8000;
const maxNetworkRetries = 1;

/**
 * What Stripe did with a card. `awaiting`: its holder has to confirm the payment at the bank first; `isEnded`: no card
 * will do any more, the intent was cancelled.
 */
export type Outcome =
  | { is: 'charged' }
  | { is: 'awaiting' }
  | { is: 'declined'; why: 'declined' | 'unusable'; message: string; isEnded?: boolean };

/** Where an intent stands: `open` can still be charged, `pending` is being charged, `ended` never can be. */
export type IntentState = 'open' | 'pending' | 'charged' | 'ended';

/** All that is asked of an intent. */
export interface Intent {
  state: IntentState;
  /** The card's holder has to confirm the payment at the bank (3-D Secure). */
  needsAction: boolean;
  /** Whoever has it may see the intent, and have it charged to a card. */
  clientSecret: string | null;
  /** Why the last card was refused, in words for people. */
  refusal: string | null;
  /** The page of the emulator that stands for the bank's; with Stripe itself its browser library shows the bank's. */
  actionUrl: string | undefined;
}

// A state we do not know yet is left for later rather than taken for an end.
const states: Partial<Record<Stripe.PaymentIntent.Status, IntentState>> = {
  requires_payment_method: 'open',
  requires_confirmation: 'open',
  requires_action: 'open',
  requires_capture: 'pending',
  processing: 'pending',
  succeeded: 'charged',
  canceled: 'ended',
};

export class StripeCharges {
  private readonly stripe: Stripe;

  /** @param apiBase the emulator's address; Stripe itself when undefined */
  constructor(
    key: string,
    private readonly apiBase: string | undefined,
  ) {
    const { protocol, hostname, port } = new URL(apiBase ?? 'https://api.stripe.com');
    this.stripe = new Stripe(key, {
      host: hostname,
      port: port || (protocol === 'http:' ? 80 : 443),
      protocol: protocol === 'http:' ? 'http' : 'https',
      timeout: timeoutMs,
      maxNetworkRetries,
      telemetry: false,
    });
  }

  // Every key below is of one try only: Stripe keeps the answer to a key for a day, its own failures (5xx) included.

  /** Makes an intent for the order; the same one however often this key is repeated. @returns its id */
  async open(orderId: string, amountInCents: number, idempotencyKey: string): Promise<string> {
    const intent: Stripe.PaymentIntentCreateParams = {
      amount: amountInCents,
      currency,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      metadata: { orderId },
    };
    try {
      return (await this.stripe.paymentIntents.create(intent, { idempotencyKey })).id;
    } catch (error) {
      // Stripe's own limits, by currency: 0.50 and 999,999.99 for dollars.
      if (isAbout(error, 'amount_too_small', 'amount_too_large')) throw new AmountNotChargeable();
      throw unreachable(error);
    }
  }

  /**
   * Charges a card, once however often this attempt is repeated.
   *
   * @param token a card of Stripe's: `tok_…`, or a payment method `pm_…`
   * @throws Unavailable when the outcome is unknown; `state` tells it later
   */
  async charge(stripeId: string, token: string, idempotencyKey: string): Promise<Outcome> {
    const card: Stripe.PaymentIntentConfirmParams = token.startsWith('pm_')
      ? { payment_method: token }
      : {
          payment_method_data: {
            type: 'card',
            card: { token },
          } as Stripe.PaymentIntentConfirmParams.PaymentMethodData,
        };
    // What the bank asks is left to Stripe's library in the browser: there is no page of ours to come back to.
    const confirmation = { ...card, use_stripe_sdk: true };
    try {
      const intent = await this.stripe.paymentIntents.confirm(stripeId, confirmation, { idempotencyKey });
      if (intent.status === 'succeeded') return { is: 'charged' };
      if (intent.status === 'processing') throw new Unavailable('Stripe is still charging the card.');
      if (intent.status === 'requires_action') return { is: 'awaiting' };
      return { is: 'declined', why: 'unusable', message: 'This card cannot be charged.' };
    } catch (error) {
      if (error instanceof Stripe.errors.StripeCardError) {
        return { is: 'declined', why: 'declined', message: error.message };
      }
      if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw unreachable(error);
      // An earlier attempt whose answer was lost has charged after all, somebody ended it, or the card is no card.
      const { state } = await this.look(stripeId);
      if (state === 'charged') return { is: 'charged' };
      const isEnded = state === 'ended';
      return { is: 'declined', why: 'unusable', message: 'This card cannot be charged.', isEnded };
    }
  }

  async look(stripeId: string): Promise<Intent> {
    const intent = await reach(() => this.stripe.paymentIntents.retrieve(stripeId));
    const needsAction = intent.status === 'requires_action';
    return {
      state: states[intent.status] ?? 'pending',
      needsAction,
      clientSecret: intent.client_secret,
      refusal: intent.last_payment_error
        ? (intent.last_payment_error.message ?? 'The card was refused.')
        : null,
      actionUrl: needsAction && this.apiBase !== undefined ? pageOf(intent) : undefined,
    };
  }

  /** Makes an open intent one that can never be charged. Throws when it was charged meanwhile. */
  async end(stripeId: string): Promise<void> {
    await reach(() => this.stripe.paymentIntents.cancel(stripeId));
  }

  /** Pays back in full, once however often it is asked and by whichever keys: there is nothing left to pay back. */
  async refund(stripeId: string, idempotencyKey: string): Promise<void> {
    try {
      await this.stripe.refunds.create({ payment_intent: stripeId }, { idempotencyKey });
    } catch (error) {
      if (isAbout(error, 'charge_already_refunded')) return;
      throw unreachable(error);
    }
  }
}

const isAbout = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Stripe.errors.StripeError && codes.includes(error.code ?? '');

function pageOf({ next_action }: Stripe.PaymentIntent): string | undefined {
  const page = (next_action?.use_stripe_sdk as { stripe_js?: unknown } | null | undefined)?.stripe_js;
  return typeof page === 'string' ? page : undefined;
}

async function reach<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw unreachable(error);
  }
}

/** Stripe's own trouble, or the way to it, is no fault of the request. */
function unreachable(error: unknown): unknown {
  const isTheirs =
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeAPIError ||
    error instanceof Stripe.errors.StripeRateLimitError ||
    error instanceof Stripe.errors.StripeIdempotencyError ||
    // The same request, twice at once: the other one is still under way.
    isAbout(error, 'idempotency_key_in_use');
  return isTheirs ? new Unavailable('Stripe cannot be reached or did not answer.', { cause: error }) : error;
}
