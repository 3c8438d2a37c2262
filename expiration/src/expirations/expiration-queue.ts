// The door to Bull: a delayed job for each order, on a Redis that keeps an append-only file.
import type { Logger, Part } from '@ticketing/common';
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

export class ExpirationQueue implements Part {
  readonly name = 'queue';
  private queue: Bull.Queue<Expiration> | undefined;
  private readonly connections: Redis[] = [];

  constructor(
    private readonly url: string,
    private readonly logger: Logger,
    private readonly onExpired: (expiration: Expiration) => Promise<void>,
  ) {}

  /** Begins to work; with Redis away it begins when Redis is there. */
  start(): Promise<void> {
    const queue = new Bull<Expiration>('expiration', { createClient: () => this.connect() });
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
    queue
      .process(concurrency, (job) => this.onExpired(job.data))
      .catch((error: unknown) => {
        this.logger.error({ err: error }, 'the queue stopped');
      });
    return Promise.resolve();
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
    if (!this.queue) throw new Error('The queue has not been started.');
    const delay = Math.max(0, Date.parse(expiration.expiresAt) - Date.now());
    const added = this.queue.add(expiration, { ...jobOptions, jobId: expiration.orderId, delay });
    await within(addTimeoutMs, 'Adding a job', added);
  }

  async stop(): Promise<void> {
    if (!this.queue) return;
    try {
      await within(stopTimeoutMs, 'Closing the queue', this.queue.close());
    } finally {
      for (const connection of this.connections) connection.disconnect();
    }
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
