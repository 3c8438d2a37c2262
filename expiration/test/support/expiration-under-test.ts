// Expiration as a process of its own, with a broker and a Redis to kill, and a look into both.
import { resolve } from 'node:path';
import { ExpirationComplete, OrderCreated, type OrderData } from '@ticketing/common';
import {
  eventOf,
  orderData,
  runCommand,
  ServiceProcess,
  testEnv,
  TestServer,
  WireTap,
} from '@ticketing/common/testing';
import Bull from 'bull';
import Redis from 'ioredis';
import request from 'supertest';
import type { Expiration } from '../../src/expirations/expiration';

const folder = resolve(__dirname, '..', '..');

export class ExpirationUnderTest {
  process: ServiceProcess | undefined;

  private constructor(
    readonly broker: TestServer,
    readonly redis: TestServer,
    readonly tap: WireTap,
    readonly env: NodeJS.ProcessEnv,
    /** The service's queue, looked at from outside. */
    readonly queue: Bull.Queue<Expiration>,
    readonly redisClient: Redis,
  ) {}

  static async start(): Promise<ExpirationUnderTest> {
    const [broker, redis] = await Promise.all([TestServer.broker(), TestServer.redis()]);
    try {
      return await ExpirationUnderTest.startOn(broker, redis);
    } catch (error) {
      await Promise.all([broker.stop(), redis.stop()]);
      throw error;
    }
  }

  private static async startOn(broker: TestServer, redis: TestServer): Promise<ExpirationUnderTest> {
    const REDIS_URL = `redis://127.0.0.1:${redis.port}`;
    const env = testEnv('expiration', { NATS_URL: `nats://127.0.0.1:${broker.port}`, REDIS_URL });
    const tap = await new WireTap(broker.port, [ExpirationComplete.type]).start();
    const redisClient = new Redis(REDIS_URL, { maxRetriesPerRequest: null, enableReadyCheck: false });
    const queue = new Bull<Expiration>('expiration', { createClient: () => redisClient });
    // Redis goes away in these tests: that is no news.
    for (const client of [queue, redisClient]) client.on('error', () => undefined);
    const expiration = new ExpirationUnderTest(broker, redis, tap, env, queue, redisClient);
    await expiration.startProcess();
    return expiration;
  }

  async startProcess(): Promise<void> {
    this.process = await ServiceProcess.start(folder, this.env);
  }

  async stop(): Promise<void> {
    // The servers first: they go even when something else does not.
    await Promise.all([this.broker.stop(), this.redis.stop()]);
    this.redisClient.disconnect();
    await this.process?.kill();
    await this.tap.stop();
  }

  /** Announces an order whose time is up in so many milliseconds. */
  async place(inMs: number, given: Partial<OrderData> = {}): Promise<OrderData> {
    const order = orderData({ expiresAt: new Date(Date.now() + inMs).toISOString(), ...given });
    await this.tap.say(eventOf(OrderCreated, order));
    return order;
  }

  /** When an order's expiration was announced: once for each time. */
  announcements({ id }: OrderData): { at: number; traceparent: string }[] {
    const heard = this.tap.heard.filter(({ data }) => data['orderId'] === id);
    return heard.map(({ time, traceparent }) => ({ at: Date.parse(time), traceparent }));
  }

  /** How long after its time an order's expiration was announced; throws while it has not been. */
  lateness(order: OrderData): number {
    const [first] = this.announcements(order);
    if (!first) throw new Error('Its expiration has not been announced.');
    return first.at - Date.parse(order.expiresAt);
  }

  /** The order's job; throws while there is none. */
  async job({ id }: OrderData): Promise<Bull.Job<Expiration>> {
    const job = await this.queue.getJob(id);
    if (!job) throw new Error('There is no job for this order.');
    return job;
  }

  get http(): ReturnType<typeof request> {
    return request(`http://127.0.0.1:${this.process?.port ?? 0}`);
  }

  command(...args: string[]): Promise<{ code: number | null; output: string }> {
    return runCommand(folder, this.env, args);
  }
}
