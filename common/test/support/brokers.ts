// Connections to a broker of the test's own, stopped after each test.
import { NatsStreaming, type Delivery, type Subscription } from '../../src/broker';
import { createLogger } from '../../src/process';
import { newId } from '../../src/testing';

const opened: NatsStreaming[] = [];

export const natsUrl = (server: { port: number }): string => `nats://127.0.0.1:${server.port}`;

export async function connectionTo(
  server: { port: number },
  { clientId = `client-${newId()}`, isAwaited = true } = {},
): Promise<NatsStreaming> {
  const broker = new NatsStreaming({
    url: natsUrl(server),
    clusterId: 'ticketing',
    clientId,
    logger: createLogger('test', clientId, 'silent'),
  });
  opened.push(broker);
  await broker.start();
  if (isAwaited) await connected(broker);
  return broker;
}

/** Within half a minute, or the test fails. */
export async function connected(broker: NatsStreaming): Promise<void> {
  await broker.whenConnected(AbortSignal.timeout(30_000));
  if (!broker.isConnected()) throw new Error('Not connected within 30 s.');
}

/** Subscribes, acknowledges and keeps what comes. */
export function hearing(
  broker: NatsStreaming,
  given: Partial<Subscription> & { channel: string },
): Delivery[] {
  const heard: Delivery[] = [];
  broker.subscribe({ group: 'group', maxInFlight: 100, ackWaitSeconds: 5, ...given }, (delivery) => {
    heard.push(delivery);
    delivery.ack();
  });
  return heard;
}

export const dataOf = (deliveries: Delivery[]): string[] => deliveries.map(({ data }) => data);

export async function closeConnections(): Promise<void> {
  await Promise.all(opened.splice(0).map((broker) => broker.stop()));
}
