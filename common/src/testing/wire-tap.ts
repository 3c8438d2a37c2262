// A listener and a speaker of the test's own at the real broker.
import { NatsStreaming } from '../broker';
import type { CloudEvent } from '../events';
import { createLogger, type Service } from '../process';
import { newId } from './session';

/** Hears everything on some channels from the beginning on, and says what it is told to, well-formed or not. */
export class WireTap {
  /** What was heard, in the order in which it came; a repeat is heard twice. */
  readonly heard: CloudEvent<Record<string, unknown>>[] = [];
  private readonly transport: NatsStreaming;

  constructor(port: number, channels: string[] = []) {
    const name = `tap-${newId()}`;
    this.transport = new NatsStreaming({
      url: `nats://127.0.0.1:${port}`,
      clusterId: 'ticketing',
      clientId: name,
      logger: createLogger('tap', name, 'silent'),
    });
    for (const channel of channels) {
      const subscription = { channel, group: name, maxInFlight: 1000, ackWaitSeconds: 5 };
      this.transport.subscribe(subscription, (delivery) => {
        this.heard.push(JSON.parse(delivery.data) as CloudEvent<Record<string, unknown>>);
        delivery.ack();
      });
    }
  }

  async start(): Promise<this> {
    await this.transport.start();
    await this.transport.whenConnected(new AbortController().signal);
    return this;
  }

  /** Says an event, or any text, on a channel; resolves when the broker has stored it. */
  async say(message: CloudEvent<unknown> | { channel: string; text: string }): Promise<void> {
    if ('text' in message) await this.transport.publish(message.channel, message.text);
    else await this.transport.publish(message.type, JSON.stringify(message));
  }

  stop(): Promise<void> {
    return this.transport.stop();
  }
}

/** What the worst of brokers would deliver: each three times, in no order. */
export function threeTimesShuffled<T>(items: T[]): T[] {
  const all = [...items, ...items, ...items].map((item) => ({ item, place: Math.random() }));
  return all.sort((a, b) => a.place - b.place).map(({ item }) => item);
}

/** How many deliveries a service's listeners have had, by what became of them: handled, failed, set_aside. */
export async function outcomesAt(service: Service): Promise<Record<string, number>> {
  const metric = await service.metrics.registry.getSingleMetric('events_received_total')?.get();
  const outcomes: Record<string, number> = { handled: 0, failed: 0, set_aside: 0 };
  for (const { labels, value } of metric?.values ?? []) {
    const outcome = String(labels['outcome']);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + value;
  }
  return outcomes;
}
