// The door to Bull: a delayed job for each order, on a Redis that keeps an append-only file.
import { Unavailable, type Logger, type Part } from '@ticketing/common';
import Bull from 'bull';
import Redis from 'ioredis';
import { within } from '../within';
import type { Expiration } from './expiration';

const addTimeoutMs = 4000;
const stopTimeoutMs = 5000;

/** How many expirations are announced at once: the broker's confirmations overlap. */
const concurrency = 100;

// While the broker is away a job tries for about a minute and a half; by then orders' own reconciliation has acted.
const jobOptions: Bull.JobOptions = {
  attempts: 10,
  backoff: { type: 'exponential', delay: 100 },
  removeOnComplete: true,
  removeOnFail: true,
};

// A job whose process was killed is taken up again once its lock has run out and two checks have missed it: within
// seconds, not Bull's minute, and however often that happens. Should the process live after all, it is announced twice.
const settings: Bull.AdvancedSettings = { lockDuration: 4000, stalledInterval: 2000, maxStalledCount: 1000 };

export class ExpirationQueue implements Part {
  readonly name = 'queue';
  private queue: Bull.Queue<Expiration> | undefined;
  private readonly connections: Redis[] = [];

  constructor(
    private readonly url: string,
    private readonly logger: Logger,
  ) {}

  /** Takes jobs from now on, and leaves them alone until `work` is called. */
  start(): Promise<void> {
    const queue = new Bull<Expiration>('expiration', { settings, createClient: () => this.connect() });
    this.queue = queue;
    queue.on('error', (error) => {
      this.logger.warn({ err: error }, 'Redis is away');
    });
    queue.on('failed', (job, error) => {
      this.logger.warn(
        { err: error, orderId: job.data.orderId, attempt: job.attemptsMade },
        'an expiration could not be announced',
      );
    });
    return Promise.resolve();
  }

  /** Begins to do what is due; with Redis away it begins when Redis is there. */
  work(onExpired: (expiration: Expiration) => Promise<void>): void {
    this.open()
      .process(concurrency, (job) => onExpired(job.data))
      .catch((error: unknown) => {
        this.logger.error({ err: error }, 'the queue stopped');
      });
  }

  isUp(): boolean {
    return this.connections.length > 0 && this.connections.every(({ status }) => status === 'ready');
  }

  /**
   * Adds an order's job; adding it again changes nothing.
   *
   * @throws Unavailable when Redis did not take it in time (it may have all the same)
   */
  async add(expiration: Expiration): Promise<void> {
    const delay = Math.max(0, Date.parse(expiration.expiresAt) - Date.now());
    const added = this.open().add(expiration, { ...jobOptions, jobId: expiration.orderId, delay });
    try {
      await within(addTimeoutMs, 'Adding a job', added);
    } catch (error) {
      // Full, loading its file, read-only: whatever Redis says, the order is not to blame and must not be set aside.
      throw new Unavailable('Redis did not take a job.', { cause: error });
    }
  }

  async stop(): Promise<void> {
    if (!this.queue) return;
    try {
      await within(stopTimeoutMs, 'Closing the queue', this.queue.close());
    } finally {
      for (const connection of this.connections) connection.disconnect();
    }
  }

  private open(): Bull.Queue<Expiration> {
    if (!this.queue) throw new Error('The queue has not been started.');
    return this.queue;
  }

  private connect(): Redis {
    // Bull's blocking and subscribing connections cannot be shared, and none may give up.
    const connection = new Redis(this.url, {
      maxRetriesPerRequest: null,
      enableReadyCheck: false,
      retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
    });
    this.connections.push(connection);
    return connection;
  }
}
