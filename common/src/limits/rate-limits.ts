// How often somebody may do something, counted together by all replicas in Redis; without Redis, by each for itself.
import { createHash } from 'node:crypto';
import Redis from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyRequests } from '../http/refusal';
import type { Logger } from '../process/logger';
import type { Metrics } from '../process/metrics';
import type { Part } from '../process/service';

/** So many times in so many seconds, which begin with the first. */
export interface Rate {
  times: number;
  seconds: number;
}

export interface Limit {
  /**
   * Counts one more of what `who` does.
   *
   * @param who whose doings are counted together: an address, an account, a person and an order
   * @throws TooManyRequests with the seconds after which it may be tried again
   */
  count(...who: string[]): Promise<void>;
  /** Begins again for them: they did what was limited only against others. */
  forget(...who: string[]): Promise<void>;
}

export interface Limits extends Part {
  /** @param name of what is limited; the same in all replicas */
  of(name: string, rate: Rate): Limit;
}

const commandTimeoutMs = 300;
const maxReconnectPauseMs = 2000;

/** Hashed: what people type is neither kept in Redis nor as long as they like. */
const keyOf = (who: string[]): string =>
  createHash('sha256').update(JSON.stringify(who)).digest('base64url').slice(0, 27);

/**
 * The limits of one service. They never make a request fail: with Redis away, or slower than `commandTimeoutMs`, each
 * replica counts for itself until Redis answers again.
 */
export class RateLimits implements Limits {
  readonly name = 'limits';
  private readonly redis: Redis;
  private isClosing = false;
  private readonly refused;
  private readonly alone;

  constructor(private readonly options: { url: string; service: string; logger: Logger; metrics: Metrics }) {
    const { url, logger, metrics } = options;
    this.redis = new Redis(url, {
      lazyConnect: true,
      // A command that cannot be sent now is of no use later.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: commandTimeoutMs,
      connectTimeout: 2000,
      retryStrategy: (times) => Math.min(times * 100, maxReconnectPauseMs),
    });
    this.redis.on('error', (error) => {
      logger.debug({ err: error }, 'Redis is away: rates are limited by each replica for itself');
    });
    this.redis.on('close', () => (this.isClosing = false));
    this.refused = metrics.counter('rate_limited_total', 'Requests refused because there were too many', [
      'limit',
    ]);
    this.alone = metrics.counter(
      'rate_limits_without_redis_total',
      'Requests counted by this replica alone, because Redis did not answer',
    );
  }

  /** Does not wait for Redis: nobody needs it to begin. */
  start(): Promise<void> {
    this.redis.connect().catch((error: unknown) => {
      this.options.logger.warn({ err: error }, 'Redis is away: rates are limited by each replica for itself');
    });
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.redis.disconnect();
    return Promise.resolve();
  }

  of(name: string, { times, seconds }: Rate): Limit {
    const rate = { keyPrefix: `limit:${this.options.service}:${name}`, points: times, duration: seconds };
    const shared = new RateLimiterRedis({
      ...rate,
      storeClient: this.redis,
      rejectIfRedisNotReady: true,
      // Whoever is over the limit is not asked about again: a flood of them costs Redis nothing.
      inMemoryBlockOnConsumed: times + 1,
    });
    const own = new RateLimiterMemory(rate);
    return {
      count: async (...who) => {
        const key = keyOf(who);
        try {
          await this.either(
            () => shared.consume(key),
            () => own.consume(key),
          );
        } catch (error) {
          if (!(error instanceof RateLimiterRes)) throw error;
          this.refused.inc({ limit: name });
          throw new TooManyRequests(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
        }
      },
      forget: async (...who) => {
        const key = keyOf(who);
        await own.delete(key);
        await this.either(
          () => shared.delete(key),
          () => Promise.resolve(true),
        );
      },
    };
  }

  private reconnect(): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.redis.disconnect(true);
  }

  private async either(shared: () => Promise<unknown>, own: () => Promise<unknown>): Promise<void> {
    try {
      await shared();
    } catch (error) {
      if (error instanceof RateLimiterRes) throw error;
      this.options.logger.debug({ err: error }, 'Redis did not count');
      this.alone.inc();
      // It hangs: let no other request wait for it, until it answers on a connection made anew.
      if (error instanceof Error && error.message === 'Command timed out') this.reconnect();
      await own();
    }
  }
}

const unlimited: Limit = { count: () => Promise.resolve(), forget: () => Promise.resolve() };

/** `RATE_LIMITS=off`: for load tests. */
export const noLimits: Limits = {
  name: 'limits',
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  of: () => unlimited,
};
