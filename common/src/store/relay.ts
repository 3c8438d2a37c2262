// The relay: the database's oplog is the outbox. It follows a change stream of the service's own database and
// publishes every `event` it sees, in order, at least once; a bookmark survives any crash.
import type { mongo } from 'mongoose';
import { traceIdOf, type CloudEvent } from '../events';
import { publishSpan } from '../events/spans';
import type { Logger } from '../process/logger';
import type { Metrics } from '../process/metrics';
import { pause } from '../process/pause';
import type { Part } from '../process/service';
import type { Tracing } from '../process/tracing';
import { isBookmarkLost, lastEvents, placeOfNow, readEvents } from './event-stream';
import { Lease, type Bookmark } from './lease';
import { PublishWindow } from './publish-window';

/** All that the relay needs of the broker (see broker/transport.ts). */
export interface Publisher {
  publish(channel: string, data: string): Promise<void>;
  whenConnected(signal: AbortSignal): Promise<void>;
}

export interface RelayOptions {
  database: () => mongo.Db;
  /** The collections whose documents carry events. */
  collections: string[];
  publisher: Publisher;
  /** This replica's name, as the lease's holder. */
  instance: string;
  logger: Logger;
  metrics: Metrics;
  tracing?: Tracing;
  leaseMs?: number;
}

const windowSize = 128;
const bookmarkEveryMs = 500;
// The first one sooner: until there is a bookmark, only the last event of each aggregate would be announced again.
const firstBookmarkMs = 50;
const firstPauseMs = 100;
const maxPauseMs = 5000;

export class Relay implements Part {
  readonly name = 'relay';
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private isLeading = false;
  /** Up to when, since it leads, everything has been announced. */
  private reachedAt: number | undefined;
  private pauseMs = firstPauseMs;
  private readonly published;
  private readonly lag;

  constructor(private readonly options: RelayOptions) {
    const { metrics } = options;
    this.published = metrics.counter('relay_published_total', 'Events the broker has confirmed', ['channel']);
    this.lag = metrics.timings(
      'relay_lag_seconds',
      "Time from a change to the broker's confirmation of its event",
    );
    metrics.gauge('relay_is_leading', 'Whether this replica relays (1) or stands by (0)', [], (gauge) => {
      gauge.set(this.isLeading ? 1 : 0);
    });
    metrics.gauge(
      'relay_behind_seconds',
      'How old what this replica has announced last is while more waits; 0 when it stands by',
      [],
      (gauge) => {
        gauge.set(this.reachedAt === undefined ? 0 : Math.max(0, Date.now() - this.reachedAt) / 1000);
      },
    );
  }

  start(): Promise<void> {
    this.loop = this.run();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { logger, instance, leaseMs = 5000 } = this.options;
    const { signal } = this.stopping;
    const lease = new Lease(this.options.database().collection('relay'), instance, leaseMs);
    while (!signal.aborted) {
      try {
        const held = await lease.acquire();
        if (held) await this.lead(lease, held.token, leaseMs);
        else {
          this.reachedAt = undefined;
          await pause(leaseMs / 5, signal);
        }
        this.pauseMs = firstPauseMs;
      } catch (error) {
        const { pauseMs } = this;
        logger.warn({ err: error, pauseMs }, 'the relay stopped and will go on from its bookmark');
        await pause(pauseMs, signal);
        this.pauseMs = Math.min(pauseMs * 2, maxPauseMs);
      }
    }
  }

  /** Relays until the lease is lost, the service stops, or something fails (and throws it). */
  private async lead(lease: Lease, bookmark: Bookmark | undefined, leaseMs: number): Promise<void> {
    const ending = new AbortController();
    const end = (): void => {
      ending.abort();
    };
    this.stopping.signal.addEventListener('abort', end);
    // Told to stop while the lease was on its way: the signal will not come again.
    if (this.stopping.signal.aborted) end();
    const window = new PublishWindow((event) => this.publish(event), windowSize);
    const keeping = this.keep(lease, window, leaseMs, ending);
    this.isLeading = true;
    this.reachedAt ??= Date.now();
    try {
      await this.options.publisher.whenConnected(ending.signal);
      if (!ending.signal.aborted) await this.follow(window, bookmark, ending.signal);
    } catch (error) {
      if (isBookmarkLost(error)) await lease.forget();
      throw error;
    } finally {
      this.isLeading = false;
      this.stopping.signal.removeEventListener('abort', end);
      end();
      await keeping;
      if (this.stopping.signal.aborted) await lease.release();
    }
  }

  /** Renews the lease and moves the bookmark until ended; ends the leading when the lease is lost. */
  private async keep(
    lease: Lease,
    window: PublishWindow,
    leaseMs: number,
    ending: AbortController,
  ): Promise<void> {
    const { logger } = this.options;
    let kept: Bookmark | undefined;
    let renewedAt = Date.now();
    const renew = async (): Promise<void> => {
      const token = window.confirmed;
      try {
        if (!(await lease.renew(token === kept ? undefined : token))) ending.abort();
        // It got on: the next failure is a new one, not more of the last.
        if (token !== kept) this.pauseMs = firstPauseMs;
        kept = token;
        renewedAt = Date.now();
      } catch (error) {
        logger.warn({ err: error }, 'the relay could not renew its lease');
        ending.abort();
      }
    };
    while (!ending.signal.aborted) {
      await pause(kept === undefined ? firstBookmarkMs : bookmarkEveryMs, ending.signal);
      const isIdle = window.confirmed === kept || (window.isIdleMove && kept !== undefined);
      if (!isIdle || Date.now() - renewedAt > leaseMs / 4) await renew();
    }
    if (window.confirmed !== kept) await renew();
  }

  private async follow(
    window: PublishWindow,
    bookmark: Bookmark | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { collections, logger } = this.options;
    const database = this.options.database();
    const from = bookmark ? { resumeAfter: bookmark } : { startAtOperationTime: await placeOfNow(database) };
    if (!bookmark) await this.announceAll(window, signal);
    const onEvent = (event: CloudEvent<unknown>, place: Bookmark) => window.send(event, place);
    const onNothing = (place: Bookmark): void => {
      window.throwIfFailed();
      if (!window.isEmpty) return;
      window.moveTo(place);
      this.reachedAt = Date.now();
    };
    await readEvents({ database, collections, from, logger, onEvent, onNothing }, signal);
  }

  /** Announces the last event of every aggregate again; safe, since events carry full state and versions. */
  private async announceAll(window: PublishWindow, signal: AbortSignal): Promise<void> {
    const { database, collections, logger } = this.options;
    let count = 0;
    for await (const event of lastEvents(database(), collections)) {
      if (signal.aborted) return;
      await window.send(event);
      count++;
    }
    await window.flush();
    logger.info({ count }, 'the relay has no bookmark: announced the last event of every aggregate');
  }

  private async publish(event: CloudEvent<unknown>): Promise<void> {
    const { publisher, tracing, logger } = this.options;
    const startMs = Date.now();
    await publisher.publish(event.type, JSON.stringify(event));
    this.reachedAt = Date.parse(event.time);
    this.published.inc({ channel: event.type });
    this.lag.observe(Math.max(0, Date.now() - this.reachedAt) / 1000);
    if (tracing?.isOn) tracing.add(publishSpan(event, startMs));
    if (logger.isLevelEnabled('debug'))
      logger.debug({ channel: event.type, eventId: event.id, traceId: traceIdOf(event) }, 'event published');
  }
}
