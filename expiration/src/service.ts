// Table of contents: what expiration is made of and listens to. It keeps no documents: its jobs are its state.
import { createApp, OrderCreated, Service, type Part } from '@ticketing/common';
import { Listeners, NatsStreaming, on, setAsideCommand } from '@ticketing/common/broker';
import type { Config } from './config';
import { announceExpiration } from './expirations/announce-expiration';
import { ExpirationQueue } from './expirations/expiration-queue';
import { scheduleExpiration } from './expirations/schedule-expiration';
import { RedisSetAside } from './redis-set-aside';

export function createService(config: Config): Service {
  const service = new Service({ name: 'expiration', config });
  const { logger, metrics, health, tracing, instance } = service;
  const broker = new NatsStreaming({
    url: config.NATS_URL,
    clusterId: config.NATS_CLUSTER_ID,
    clientId: instance,
    logger,
  });
  const lateness = metrics.timings(
    'expiration_lateness_seconds',
    "Time from an order's expiresAt to its announcement",
  );
  const queue = new ExpirationQueue(config.REDIS_URL, logger);
  // A part of its own: a command that adds to the queue must not take from it, with no broker to announce to.
  const worker: Part = {
    name: 'worker',
    start: () => {
      queue.work(async (expiration) => {
        await announceExpiration(expiration, broker, tracing);
        lateness.observe(Math.max(0, Date.now() - Date.parse(expiration.expiresAt)) / 1000);
      });
      return Promise.resolve();
    },
    // It stops with the queue.
    stop: () => Promise.resolve(),
  };
  const setAside = new RedisSetAside(config.REDIS_URL, logger);
  const listeners = new Listeners({
    group: service.name,
    transport: broker,
    listeners: [on(OrderCreated, (event) => scheduleExpiration(event, queue))],
    setAside,
    logger,
    metrics,
    tracing,
  });

  service.use(setAside, broker, queue, worker, listeners);
  // Nobody calls expiration over HTTP: its readiness tells whether it does its work.
  health.watch('redis', () => queue.isUp(), { isNeeded: true });
  health.watch('broker', () => broker.isConnected(), { isNeeded: true });
  service.commands.set(
    'set-aside',
    setAsideCommand(setAside, (message) => listeners.replay(message), [setAside.name, queue.name]),
  );
  return service.serve(
    createApp({ logger, metrics, health, tracing, trustProxy: config.TRUST_PROXY, routes: {} }),
  );
}
