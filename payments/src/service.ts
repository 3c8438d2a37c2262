// Table of contents: what payments is made of, answers and listens to.
import {
  createApp,
  OrderCancelled,
  OrderCompleted,
  OrderCreated,
  Repeat,
  Service,
  SessionEnded,
  sessionKey,
} from '@ticketing/common';
import { on } from '@ticketing/common/broker';
import { addEvents } from '@ticketing/common/evented';
import { IdempotencyKeys } from '@ticketing/common/idempotency';
import { addLimits } from '@ticketing/common/limits';
import { EndedSessions } from '@ticketing/common/sessions';
import { Database } from '@ticketing/common/store';
import type { Config } from './config';
import { copyOrder } from './orders/copy-order';
import { orderReplicas } from './orders/order';
import { moneyMetrics } from './payments/money-metrics';
import { onOrderCancelled } from './payments/on-order-cancelled';
import { paymentAggregates } from './payments/payment';
import { paymentsApi } from './payments/openapi';
import { paymentRoutes } from './payments/routes';
import { settlePayments } from './payments/settle-payments';
import { PaymentInProgress } from './payments/refusals';
import { webhookRoute } from './payments/webhook-route';
import { StripeCharges } from './stripe/stripe-charges';

const settleEveryMs = 1000;

/** @param given parts to use instead of the service's own (for tests) */
export function createService(
  config: Config,
  { stripe = new StripeCharges(config.STRIPE_KEY, config.STRIPE_API_BASE) }: { stripe?: StripeCharges } = {},
): Service {
  const service = new Service({ name: 'payments', config });
  const { logger, metrics, health, tracing } = service;
  const database = new Database(config.MONGO_URI, logger);
  const payments = paymentAggregates(database.connection);
  const orders = orderReplicas(database.connection);
  const keys = new IdempotencyKeys(database.connection);

  const money = moneyMetrics(metrics, payments, logger);
  const settlement = new Repeat(
    'settlement',
    () =>
      settlePayments({
        payments,
        stripe,
        onSettled: money.onSettled,
        onFailure: ({ _id, status, tries }, error) => {
          logger.error(
            { err: error, orderId: String(_id), status, tries },
            'a payment could not be settled yet',
          );
        },
      }),
    { everyMs: settleEveryMs, logger },
  );
  const settle = (): void => {
    settlement.wake();
  };

  const ended = new EndedSessions(database.connection, logger);
  addEvents(service, {
    config,
    database,
    collections: ['payments'],
    listeners: [
      on(OrderCreated, (event) => copyOrder(event.data, orders, event.traceparent)),
      on(OrderCompleted, (event) => copyOrder(event.data, orders)),
      on(OrderCancelled, (event) => onOrderCancelled(event, { orders, payments, settle })),
      on(SessionEnded, (event) => ended.end(event.data)),
    ],
  });
  service.use(ended);
  service.use(settlement);
  // A card has a typing mistake or two; somebody who tries out stolen ones has hundreds.
  const limits = addLimits(service, config);
  const paymentsOf = limits.of('payments', { times: 10, seconds: 600 });
  // No card passes here, but each is a call to Stripe; a page that is loaded again asks again.
  const intentsOf = limits.of('intents', { times: 60, seconds: 600 });
  const secret = config.STRIPE_WEBHOOK_SECRET;
  return service.serve(
    createApp({
      logger,
      metrics,
      health,
      tracing,
      trustProxy: config.TRUST_PROXY,
      key: sessionKey(config.JWT_KEY, config.JWT_KEY_PREVIOUS),
      endings: ended,
      crossSite: ['/api/payments/webhook'],
      api: paymentsApi,
      ...(secret !== undefined && {
        unparsed: { '/api/payments/webhook': webhookRoute({ payments, settle, secret, logger, metrics }) },
      }),
      routes: {
        '/api/payments': paymentRoutes({
          ...{ payments, orders, stripe, paymentsOf, intentsOf, keys, logger, onOutcome: money.onOutcome },
          undecided: [PaymentInProgress.code],
        }),
      },
    }),
  );
}
