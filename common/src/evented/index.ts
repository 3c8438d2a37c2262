// Gives a service with a database its part in the exchange of events: broker, relay, listeners, what is set aside.
import { Listeners, NatsStreaming, setAsideCommand, type Listener, type Transport } from '../broker';
import type { Service } from '../process';
import { MongoSetAside, Relay, type Database } from '../store';

export interface EventedOptions {
  config: { NATS_URL: string; NATS_CLUSTER_ID: string };
  database: Database;
  /** Collections whose documents carry events. */
  collections: string[];
  listeners: Listener[];
}

/**
 * Adds the parts in the order in which they must start: database, broker, relay, listeners; they stop in the opposite
 * one. Only the database decides readiness: with the broker away people go on, and events catch up.
 *
 * @returns the broker, for who wants to follow what happens
 */
export function addEvents(
  service: Service,
  { config, database, collections, listeners }: EventedOptions,
): Pick<Transport, 'follow' | 'isConnected'> {
  const { logger, metrics, tracing, instance } = service;
  const broker = new NatsStreaming({
    url: config.NATS_URL,
    clusterId: config.NATS_CLUSTER_ID,
    clientId: instance,
    logger,
  });
  const relay = new Relay({
    database: () => database.connection.getClient().db(database.connection.name),
    collections,
    publisher: broker,
    instance,
    logger,
    metrics,
    tracing,
  });
  const setAside = new MongoSetAside(database.connection);
  const running = new Listeners({
    group: service.name,
    transport: broker,
    listeners,
    setAside,
    logger,
    metrics,
    tracing,
  });
  service.use(database, broker, relay, running);
  service.health.watch('mongodb', () => database.isUp(), { isNeeded: true });
  service.health.watch('broker', () => broker.isConnected(), { isNeeded: false });
  service.commands.set(
    'set-aside',
    setAsideCommand(setAside, (message) => running.replay(message), [database.name]),
  );
  return broker;
}
