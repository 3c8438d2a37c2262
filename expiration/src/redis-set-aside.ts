// Messages set aside, in the one store that expiration has.
import type { Logger, Part } from '@ticketing/common';
import type { SetAside, SetAsideMessage } from '@ticketing/common/broker';
import Redis from 'ioredis';

const key = 'set-aside';
const commandTimeout = 4000;

const parse = (json: string): SetAsideMessage => {
  const message = JSON.parse(json) as SetAsideMessage & { setAsideAt: string };
  return { ...message, setAsideAt: new Date(message.setAsideAt) };
};

export class RedisSetAside implements SetAside, Part {
  readonly name = 'set-aside';
  private readonly redis: Redis;

  constructor(url: string, logger: Logger) {
    this.redis = new Redis(url, { lazyConnect: true, commandTimeout, maxRetriesPerRequest: 1 });
    this.redis.on('error', (error) => {
      logger.debug({ err: error }, 'Redis is away');
    });
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.redis.disconnect();
    return Promise.resolve();
  }

  async add(message: SetAsideMessage): Promise<void> {
    await this.redis.hsetnx(key, message.id, JSON.stringify(message));
  }

  async list(limit: number): Promise<SetAsideMessage[]> {
    const messages = (await this.redis.hvals(key)).map(parse);
    return messages.sort((a, b) => a.setAsideAt.getTime() - b.setAsideAt.getTime()).slice(0, limit);
  }

  async find(id: string): Promise<SetAsideMessage | undefined> {
    const json = await this.redis.hget(key, id);
    return json === null ? undefined : parse(json);
  }

  async remove(id: string): Promise<void> {
    await this.redis.hdel(key, id);
  }

  count(): Promise<number> {
    return this.redis.hlen(key);
  }
}
