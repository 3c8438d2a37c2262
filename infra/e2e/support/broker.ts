// The broker, spoken to directly: reads all that was ever announced, and announces what nobody should.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Message, type Stan } from 'node-nats-streaming';
import type { Marketplace } from './marketplace';

export const channels = [
  'ticket:created',
  'ticket:updated',
  'order:created',
  'order:completed',
  'order:cancelled',
  'payment:created',
  'expiration:complete',
] as const;

/** As in common's contracts, written down a second time: whoever changes an event by mistake hears of it here. */
export interface Event {
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  data: {
    id?: string;
    version?: number;
    status?: string;
    title?: string;
    priceInCents?: number;
    orderId?: string | null;
  };
}

export interface Announcement {
  channel: string;
  text: string;
}

const quietMs = 300;
const connectMs = 20_000;

/** Everything that the broker holds, each channel in its own order. */
export function readBroker(system: Marketplace): Promise<Announcement[]> {
  return withBroker(system, async (broker) => {
    const announcements: Announcement[] = [];
    let last = Date.now();
    for (const channel of channels) {
      const subscription = broker.subscribe(channel, broker.subscriptionOptions().setDeliverAllAvailable());
      subscription.on('message', (message: Message) => {
        last = Date.now();
        announcements.push({ channel, text: message.getRawData().toString('utf8') });
      });
      await once(subscription, 'ready');
    }
    while (Date.now() - last < quietMs) await new Promise((resolve) => setTimeout(resolve, 20));
    return announcements;
  });
}

/** Announces one after another; resolves when the broker has them all. */
export function announce(system: Marketplace, announcements: readonly Announcement[]): Promise<void> {
  return withBroker(system, async (broker) => {
    for (const { channel, text } of announcements) {
      await new Promise<void>((resolve, reject) => {
        broker.publish(channel, text, (error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    }
  });
}

async function withBroker<T>(system: Marketplace, work: (broker: Stan) => Promise<T>): Promise<T> {
  const broker = connect('ticketing', `e2e-${randomUUID()}`, {
    url: system.address('nats'),
    waitOnFirstConnect: true,
    reconnectTimeWait: 200,
    maxReconnectAttempts: -1,
  });
  try {
    await once(broker, 'connect', { signal: AbortSignal.timeout(connectMs) });
    return await work(broker);
  } finally {
    const closed = once(broker, 'close');
    broker.close();
    await closed;
  }
}
