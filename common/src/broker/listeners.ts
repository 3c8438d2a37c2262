// Runs a service's listeners: parses, awaits, acknowledges, leaves failures for redelivery, sets poison aside.
import { MalformedEvent, parseEvent, type CloudEvent, type Contract } from '../events';
import type { Logger } from '../process/logger';
import type { Metrics } from '../process/metrics';
import type { Part } from '../process/service';
import { pause } from '../process/pause';
import { isUnavailable } from '../process/unavailable';
import type { SetAside, SetAsideMessage } from './set-aside';
import type { Delivery, Transport } from './transport';

/** What to do about one kind of event. It may run twice, late, or before what came earlier. */
export interface Listener {
  readonly channel: string;
  receive(message: string): Promise<CloudEvent<unknown>>;
}

/** Ties a contract to a handler; the handler never sees the message, only the event. */
export function on<D>(contract: Contract<D>, handle: (event: CloudEvent<D>) => Promise<unknown>): Listener {
  return {
    channel: contract.type,
    async receive(message) {
      const event = parseEvent(contract, message);
      await handle(event);
      return event;
    },
  };
}

export interface ListenersOptions {
  /** The service's name: its replicas are one group and share the work. */
  group: string;
  transport: Transport;
  listeners: Listener[];
  setAside: SetAside;
  logger: Logger;
  metrics: Metrics;
  /** After so many failures a message is set aside. */
  maxAttempts?: number;
  ackWaitSeconds?: number;
  maxInFlight?: number;
}

const stopTimeoutMs = 10_000;

export class Listeners implements Part {
  readonly name = 'listeners';
  private readonly underWay = new Set<Promise<void>>();
  private isStopping = false;
  private readonly outcomes;
  private readonly lag;

  constructor(private readonly options: ListenersOptions) {
    const { metrics, setAside, logger } = options;
    this.outcomes = metrics.counter('events_received_total', 'Events by what became of them', [
      'channel',
      'outcome',
    ]);
    this.lag = metrics.timings('event_lag_seconds', 'Time from a change to its event handled', ['channel']);
    metrics.gauge(
      'set_aside_messages',
      'Messages that were set aside and wait for an operator',
      [],
      async (gauge) => {
        try {
          gauge.set(await setAside.count());
        } catch (error) {
          // A scrape must answer while the store is away: the gauge keeps its last value.
          logger.debug({ err: error }, 'could not count what is set aside');
        }
      },
    );
  }

  start(): Promise<void> {
    const { transport, listeners, group, ackWaitSeconds = 5, maxInFlight = 64 } = this.options;
    for (const listener of listeners) {
      transport.subscribe({ channel: listener.channel, group, maxInFlight, ackWaitSeconds }, (delivery) => {
        if (this.isStopping) return;
        const work = this.receive(listener, delivery).finally(() => this.underWay.delete(work));
        this.underWay.add(work);
      });
    }
    return Promise.resolve();
  }

  /** Takes nothing new and lets what is under way finish; what does not is delivered again elsewhere. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const deadline = new AbortController();
    await Promise.race([Promise.all(this.underWay), pause(stopTimeoutMs, deadline.signal)]);
    deadline.abort();
  }

  /** Hands a message that was set aside to its listener again; throws what the listener throws. */
  async replay(message: SetAsideMessage): Promise<void> {
    const listener = this.options.listeners.find(({ channel }) => channel === message.channel);
    if (!listener) throw new Error(`Nothing listens to ${message.channel}.`);
    await listener.receive(message.data);
  }

  /** Never rejects: every failure is an outcome. */
  private async receive(listener: Listener, delivery: Delivery): Promise<void> {
    const { channel } = listener;
    const { logger } = this.options;
    try {
      const event = await listener.receive(delivery.data);
      delivery.ack();
      this.outcomes.inc({ channel, outcome: 'handled' });
      this.lag.observe({ channel }, Math.max(0, Date.now() - Date.parse(event.time)) / 1000);
      logger.debug({ channel, eventId: event.id, traceparent: event.traceparent }, 'event handled');
    } catch (error) {
      await this.fail(listener, delivery, error);
    }
  }

  private async fail({ channel }: Listener, delivery: Delivery, error: unknown): Promise<void> {
    const { logger, setAside, maxAttempts = 5 } = this.options;
    const { sequence, attempt, data } = delivery;
    const isHopeless = error instanceof MalformedEvent;
    const context = { err: error, channel, sequence, attempt };
    // With a server away every message fails; none is to blame, and each comes again until it is back.
    if (!isHopeless && (isUnavailable(error) || attempt < maxAttempts)) {
      this.outcomes.inc({ channel, outcome: 'failed' });
      logger.warn(context, 'an event could not be handled and will come again');
      return;
    }
    try {
      const reason = error instanceof Error ? error.message : String(error);
      await setAside.add({
        id: `${channel}/${sequence}`,
        channel,
        data,
        reason,
        attempts: attempt,
        setAsideAt: new Date(),
      });
      delivery.ack();
      this.outcomes.inc({ channel, outcome: 'set_aside' });
      logger.error(context, 'an event was set aside');
    } catch (setAsideError) {
      logger.error({ ...context, setAsideError }, 'an event could not be set aside and will come again');
    }
  }
}
