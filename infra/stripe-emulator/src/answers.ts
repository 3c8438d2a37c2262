// Answers of the API as they go over the wire: results, refusals, and what a key was answered before.
import { StripeApiError } from './errors';
import type { SavedAnswer } from './store';

export interface ApiAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Indented, as Stripe's own. */
const write = (body: object): string => JSON.stringify(body, null, 2);

export const result = (body: object): ApiAnswer => ({ status: 200, headers: {}, body: write(body) });

export const replay = ({ status, body, requestId }: SavedAnswer): ApiAnswer => ({
  status,
  headers: { 'Idempotent-Replayed': 'true', 'Original-Request': requestId },
  body,
});

export function refusal(error: unknown): ApiAnswer {
  if (error instanceof StripeApiError) {
    return { status: error.status, headers: error.headers, body: write(error.body) };
  }
  const message = `Sorry! Something went wrong in the Stripe emulator: ${String(error)}`;
  return { status: 500, headers: {}, body: write({ error: { type: 'api_error', message } }) };
}
