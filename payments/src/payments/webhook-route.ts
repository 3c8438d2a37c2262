// Stripe's own door: what it says is checked by its signature, noted, and answered at once.
import type { Logger, Metrics } from '@ticketing/common';
import express, { Router, type Request, type Response } from 'express';
import { readWebhook } from '../stripe/read-webhook';
import { onStripeEvent, type OnStripeEvent } from './on-stripe-event';

export interface WebhookRoute extends OnStripeEvent {
  /** Of the webhook endpoint; Stripe signs with it. */
  secret: string;
  logger: Logger;
  metrics: Metrics;
}

/** Its body has to stay as it came: the signature is of these bytes. */
export function webhookRoute({ secret, logger, metrics, ...deps }: WebhookRoute): Router {
  const received = metrics.counter('stripe_webhooks_total', 'Webhooks of Stripe by what became of them', [
    'outcome',
  ]);
  const router = Router();
  router.post(
    '/',
    express.raw({ type: () => true, limit: '1mb' }),
    async (request: Request, response: Response) => {
      try {
        const event = readWebhook(request.body, request.get('Stripe-Signature'), secret);
        const outcome = await onStripeEvent(event, deps);
        received.inc({ outcome });
        const level = outcome === 'unknown' || outcome === 'refunded_elsewhere' ? 'warn' : 'debug';
        logger[level]({ stripeEvent: event.id, type: event.type, outcome }, 'webhook of Stripe');
        response.json({ received: true });
      } catch (error) {
        received.inc({ outcome: 'failed' });
        throw error;
      }
    },
  );
  return router;
}
