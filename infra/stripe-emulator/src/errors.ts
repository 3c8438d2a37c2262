// The refusals this emulator answers, in Stripe's words: https://docs.stripe.com/error-codes
import type Stripe from 'stripe';

type ErrorType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';

export interface ErrorFields {
  type: ErrorType;
  message: string;
  code?: string;
  decline_code?: string;
  param?: string;
  charge?: string;
  payment_intent?: Stripe.PaymentIntent;
  payment_method?: Stripe.PaymentMethod;
}

export interface ErrorHandling {
  /**
   * Whether Stripe's endpoint had begun its work: then the answer is kept under the idempotency key, together
   * with what the attempt changed (a declined charge, say). Invalid parameters and conflicts keep nothing.
   * https://docs.stripe.com/error-low-level#idempotency
   */
  isSaved?: boolean;
  headers?: Record<string, string>;
}

export class StripeApiError extends Error {
  readonly isSaved: boolean;
  readonly headers: Record<string, string>;

  constructor(
    readonly status: number,
    readonly fields: ErrorFields,
    { isSaved = false, headers = {} }: ErrorHandling = {},
  ) {
    super(fields.message);
    this.isSaved = isSaved;
    this.headers = headers;
  }

  get body(): { error: ErrorFields & { doc_url?: string } } {
    const { code } = this.fields;
    return { error: { ...this.fields, ...(code === undefined ? {} : { doc_url: docUrl(code) }) } };
  }
}

export const docUrl = (code: string): string =>
  `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`;

export const invalidParam = (param: string, message: string, code?: string): StripeApiError =>
  new StripeApiError(400, {
    type: 'invalid_request_error',
    message,
    param,
    ...(code === undefined ? {} : { code }),
  });

export const invalidRequest = (message: string): StripeApiError =>
  new StripeApiError(400, { type: 'invalid_request_error', message });

export const missingParam = (param: string): StripeApiError =>
  invalidParam(param, `Missing required param: ${param}.`, 'parameter_missing');

export const resourceMissing = (
  kind: string,
  id: string,
  param: string,
  status: 400 | 404 = 404,
): StripeApiError =>
  new StripeApiError(status, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind}: '${id}'`,
    param,
  });

export const unexpectedState = (message: string, intent: Stripe.PaymentIntent): StripeApiError =>
  new StripeApiError(
    400,
    {
      type: 'invalid_request_error',
      code: 'payment_intent_unexpected_state',
      message,
      payment_intent: intent,
    },
    { isSaved: true },
  );

export const unrecognizedUrl = (method: string, path: string): StripeApiError =>
  new StripeApiError(404, {
    type: 'invalid_request_error',
    message:
      `Unrecognized request URL (${method}: ${path}). ` +
      'Please see https://stripe.com/docs or we can help at https://support.stripe.com/.',
  });

/** Stripe asks its SDKs to try again: the object's lock was not had within its time. */
export const lockTimeout = (): StripeApiError =>
  new StripeApiError(
    429,
    {
      type: 'invalid_request_error',
      code: 'lock_timeout',
      message:
        'This object cannot be accessed right now because another API request or Stripe process is currently ' +
        'accessing it. If you see this error intermittently, retry the request. If you see this error frequently ' +
        'and are making multiple concurrent requests to a single object, make your requests serially or at a ' +
        'lower rate. For more details, see https://stripe.com/docs/rate-limits#object-lock-timeouts.',
    },
    { headers: { 'Stripe-Should-Retry': 'true' } },
  );
