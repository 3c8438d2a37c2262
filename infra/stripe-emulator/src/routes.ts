// Which part of Stripe's API is here: every call, its use case, and the object that it must have to itself.
import { cancelPaymentIntent } from './cancel-payment-intent';
import { getCharge, listCharges } from './charges';
import { confirmPaymentIntent } from './confirm-payment-intent';
import { createPaymentIntent } from './create-payment-intent';
import { getEvent, listEvents } from './events';
import { getPaymentIntent, listPaymentIntents, updatePaymentIntent } from './payment-intents';
import { createPaymentMethod, getPaymentMethod } from './payment-methods';
import { createRefund, getRefund, intentOfRefund, listRefunds } from './refunds';
import { searchPaymentIntents } from './search-payment-intents';
import type { Work } from './work';

export type UseCase = (work: Work) => object | Promise<object>;

export interface Route {
  method: 'GET' | 'POST';
  path: RegExp;
  handle: UseCase;
  lock: ((work: Work) => string | undefined) | undefined;
}

/** `:id` in a path is the object's identifier. */
const route = (method: Route['method'], path: string, handle: UseCase, lock?: Route['lock']): Route => ({
  method,
  path: new RegExp(`^${path.replace(':id', '(?<id>[A-Za-z0-9_]+)')}$`),
  handle,
  lock,
});

const byId = (work: Work): string => work.id;

const routes: readonly Route[] = [
  route('GET', '/v1/payment_intents', listPaymentIntents),
  route('POST', '/v1/payment_intents', createPaymentIntent),
  route('GET', '/v1/payment_intents/search', searchPaymentIntents),
  route('GET', '/v1/payment_intents/:id', getPaymentIntent),
  route('POST', '/v1/payment_intents/:id', updatePaymentIntent, byId),
  route('POST', '/v1/payment_intents/:id/confirm', confirmPaymentIntent, byId),
  route('POST', '/v1/payment_intents/:id/cancel', cancelPaymentIntent, byId),
  route('GET', '/v1/charges', listCharges),
  route('GET', '/v1/charges/:id', getCharge),
  route('GET', '/v1/refunds', listRefunds),
  route('POST', '/v1/refunds', createRefund, intentOfRefund),
  route('GET', '/v1/refunds/:id', getRefund),
  route('POST', '/v1/payment_methods', createPaymentMethod),
  route('GET', '/v1/payment_methods/:id', getPaymentMethod),
  route('GET', '/v1/events', listEvents),
  route('GET', '/v1/events/:id', getEvent),
];

export function findRoute(method: string, path: string): { route: Route; id: string } | undefined {
  for (const candidate of routes) {
    const match = candidate.method === method ? candidate.path.exec(path) : null;
    if (match !== null) return { route: candidate, id: match.groups?.['id'] ?? '' };
  }
  return undefined;
}
