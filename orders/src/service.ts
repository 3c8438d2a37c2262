// Table of contents: what orders is made of, answers and listens to.
import {
  createApp,
  ExpirationComplete,
  PaymentCreated,
  Repeat,
  Service,
  SessionEnded,
  sessionKey,
  TicketCreated,
  TicketUpdated,
} from '@ticketing/common';
import { on } from '@ticketing/common/broker';
import { addEvents } from '@ticketing/common/evented';
import { IdempotencyKeys } from '@ticketing/common/idempotency';
import { addLimits } from '@ticketing/common/limits';
import { EndedSessions } from '@ticketing/common/sessions';
import { Database } from '@ticketing/common/store';
import type { Config } from './config';
import { countOpen } from './orders/count-open';
import { cancelOverdue } from './orders/cancel-overdue';
import { liveOrders } from './orders/live-orders';
import { onExpirationComplete } from './orders/on-expiration-complete';
import { onPaymentCreated } from './orders/on-payment-created';
import { orderAggregates } from './orders/order';
import { ordersApi } from './orders/openapi';
import { orderRoutes } from './orders/routes';
import { copyTicket } from './tickets/copy-ticket';
import { ticketReplicas } from './tickets/ticket';

const lookForOverdueEveryMs = 1000;

export function createService(config: Config): Service {
  const service = new Service({ name: 'orders', config });
  const { logger, metrics, health, tracing } = service;
  const database = new Database(config.MONGO_URI, logger);
  const orders = orderAggregates(database.connection);
  const tickets = ticketReplicas(database.connection);
  const keys = new IdempotencyKeys(database.connection);

  const ended = new EndedSessions(database.connection, logger);
  const broker = addEvents(service, {
    config,
    database,
    collections: ['orders'],
    listeners: [
      on(TicketCreated, (event) => copyTicket(event.data, tickets)),
      on(TicketUpdated, (event) => copyTicket(event.data, tickets)),
      on(PaymentCreated, (event) => onPaymentCreated(event, orders)),
      on(ExpirationComplete, onExpirationComplete(orders)),
      on(SessionEnded, (event) => ended.end(event.data)),
    ],
  });
  service.use(ended);
  const overdue = metrics.counter(
    'orders_expired_late_total',
    'Orders that the reconciliation had to cancel',
  );
  metrics.asked(
    'orders_open',
    'Orders that hold a ticket and are not paid yet, counted up to 100,000',
    () => countOpen(orders),
    (error) => {
      logger.debug({ err: error }, 'could not count what is open');
    },
  );
  service.use(
    new Repeat(
      'overdue',
      async () => {
        overdue.inc(await cancelOverdue(orders));
      },
      { everyMs: lookForOverdueEveryMs, logger },
    ),
  );
  // More clicks than a person makes, fewer than a program that grabs.
  const ordersBy = addLimits(service, config).of('orders', { times: 60, seconds: 60 });
  const live = liveOrders({ transport: broker, logger, metrics });
  service.whenStopping(() => {
    live.stop();
  });
  return service.serve(
    createApp({
      logger,
      metrics,
      health,
      tracing,
      trustProxy: config.TRUST_PROXY,
      key: sessionKey(config.JWT_KEY, config.JWT_KEY_PREVIOUS),
      endings: ended,
      api: ordersApi,
      routes: {
        '/api/orders': orderRoutes({
          orders,
          tickets,
          expirationSeconds: config.EXPIRATION_SECONDS,
          maxOpenHolds: config.maxOpenHolds,
          ordersBy,
          keys,
          logger,
          live,
        }),
      },
    }),
  );
}
