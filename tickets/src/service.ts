// Table of contents: what tickets is made of, answers and listens to.
import {
  createApp,
  OrderCancelled,
  OrderCompleted,
  OrderCreated,
  Service,
  SessionEnded,
  sessionKey,
} from '@ticketing/common';
import { on } from '@ticketing/common/broker';
import { addEvents } from '@ticketing/common/evented';
import { EndedSessions } from '@ticketing/common/sessions';
import { Database } from '@ticketing/common/store';
import type { Config } from './config';
import { followOrders } from './tickets/follow-order';
import { liveTickets } from './tickets/live-tickets';
import { ticketsApi } from './tickets/openapi';
import { ticketRoutes } from './tickets/routes';
import { ticketAggregates } from './tickets/ticket';

export function createService(config: Config): Service {
  const service = new Service({ name: 'tickets', config });
  const { logger, metrics, health, tracing } = service;
  const database = new Database(config.MONGO_URI, logger);
  const tickets = ticketAggregates(database.connection);
  const follow = followOrders(tickets);
  const ended = new EndedSessions(database.connection, logger);

  const broker = addEvents(service, {
    config,
    database,
    collections: ['tickets'],
    listeners: [
      ...[OrderCreated, OrderCompleted, OrderCancelled].map((contract) => on(contract, follow)),
      on(SessionEnded, (event) => ended.end(event.data)),
    ],
  });
  service.use(ended);
  const live = liveTickets({ transport: broker, logger, metrics });
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
      api: ticketsApi,
      routes: { '/api/tickets': ticketRoutes(tickets, live) },
    }),
  );
}
