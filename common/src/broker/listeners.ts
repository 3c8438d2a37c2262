// Runs a service's listeners: parses, awaits, acknowledges, leaves failures for redelivery, sets poison aside.
import {
  MalformedEvent,
  newCause,
  parseEvent,
  traceIdOf,
  type Cause,
  type CloudEvent,
  type Contract,
} from '../events';
import { processSpan } from '../events/spans';
import type { Logger } from '../process/logger';
import type { Metrics } from '../process/metrics';
import type { Part } from '../process/service';
import type { Tracing } from '../process/tracing';
import { pause } from '../process/pause';
import { isUnavailable } from '../process/unavailable';
import type { SetAside, SetAsideMessage } from './set-aside';
import type { Delivery, Transport } from './transport';

/** What to do about one kind of event. It may run twice, late, or before what came earlier. */
export interface Listener {
  readonly channel: string;
  /** @param begin told the event before it is handled; what it answers is the event's trace from then on */
  receive(message: string, begin?: (event: CloudEvent<unknown>) => string): Promise<void>;
}

/** Ties a contract to a handler; the handler never sees the message, only the event. */
export function on<D>(contract: Contract<D>, handle: (event: CloudEvent<D>) => Promise<unknown>): Listener {
  return {
    channel: contract.type,
    async receive(message, begin) {
      const event = parseEvent(contract, message);
      const traceparent = begin?.(event) ?? event.traceparent;
      await handle(traceparent === event.traceparent ? event : { ...event, traceparent });
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
  tracing?: Tracing;
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
  private readonly redelivered;
  private readonly lag;

  constructor(private readonly options: ListenersOptions) {
    const { metrics, setAside, logger } = options;
    this.outcomes = metrics.counter('events_received_total', 'Events by what became of them', [
      'channel',
      'outcome',
    ]);
    this.lag = metrics.timings('event_lag_seconds', 'Time from a change to its event handled', ['channel']);
    this.redelivered = metrics.counter('events_redelivered_total', 'Messages that came once more', [
      'channel',
    ]);
    metrics.asked(
      'set_aside_messages',
      'Messages that were set aside and wait for an operator',
      () => setAside.count(),
      (error) => {
        logger.debug({ err: error }, 'could not count what is set aside');
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
    if (delivery.attempt > 1) this.redelivered.inc({ channel });
    const startMs = Date.now();
    let event: CloudEvent<unknown> | undefined;
    let cause: Cause | undefined;
    try {
      await listener.receive(delivery.data, (read) => {
        event = read;
        cause = this.options.tracing?.isOn ? newCause(read.traceparent) : read;
        return cause.traceparent;
      });
      delivery.ack();
      this.outcomes.inc({ channel, outcome: 'handled' });
      if (event && cause) this.tell(event, cause, startMs);
    } catch (error) {
      if (event && cause) this.trace(event, cause, startMs, asError(error));
      await this.fail(listener, delivery, error, event);
    }
  }

  private tell(event: CloudEvent<unknown>, cause: Cause, startMs: number): void {
    const channel = event.type;
    const lagMs = Math.max(0, Date.now() - Date.parse(event.time));
    this.lag.observe({ channel }, lagMs / 1000);
    this.trace(event, cause, startMs);
    this.options.logger.info(
      { channel, eventId: event.id, traceId: traceIdOf(event), lagMs },
      'event handled',
    );
  }

  private trace(event: CloudEvent<unknown>, cause: Cause, startMs: number, error?: Error): void {
    const { tracing, group } = this.options;
    if (tracing?.isOn) tracing.add(processSpan(event, { cause, group, startMs, error }));
  }

  private async fail(
    { channel }: Listener,
    delivery: Delivery,
    error: unknown,
    event: CloudEvent<unknown> | undefined,
  ): Promise<void> {
    const { logger, setAside, maxAttempts = 5 } = this.options;
    const { sequence, attempt, data } = delivery;
    const isHopeless = error instanceof MalformedEvent;
    const of = event && { eventId: event.id, traceId: traceIdOf(event) };
    const context = { err: error, channel, sequence, attempt, ...of };
    // With a server away every message fails; none is to blame, and each comes again until it is back.
    if (!isHopeless && (isUnavailable(error) || attempt < maxAttempts)) {
      this.outcomes.inc({ channel, outcome: 'failed' });
      logger.warn(context, 'an event could not be handled and will come again');
      return;
    }
    try {
      await setAside.add({
        id: `${channel}/${sequence}`,
        channel,
        data,
        reason: asError(error).message,
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

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
