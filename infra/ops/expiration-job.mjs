// An order's job in expiration's queue, as Bull keeps it: a hash in Redis.
import { Redis } from 'ioredis';

const timeoutMs = 4000;

/**
 * @param {string} url
 * @param {string} orderId
 * @returns {Promise<string>} for a person
 */
export async function expirationJob(url, orderId) {
  const redis = new Redis(url, {
    ...{ lazyConnect: true, connectTimeout: timeoutMs, commandTimeout: timeoutMs },
    ...{ maxRetriesPerRequest: 0, retryStrategy: () => null },
  });
  // Told by the command that fails; unheard it would be printed.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const [due, attempts, reason] = await redis.hmget(
      `bull:expiration:${orderId}`,
      ...['data', 'attemptsMade', 'failedReason'],
    );
    if (!due) return 'no job: it was announced, or never asked for';
    const failed = reason ? `, failed ${attempts ?? '?'} times: ${reason}` : '';
    return `a job waits for ${JSON.parse(due).expiresAt}${failed}`;
  } finally {
    redis.disconnect();
  }
}
