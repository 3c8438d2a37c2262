// The NATS Streaming transport: a supervised client. The client gives up for good when the server has been
// away for a while, so it is never trusted to come back: on any doubt it is thrown away and made anew.
import { randomUUID } from 'node:crypto';
import { connect, type Stan } from 'node-nats-streaming';
import type { Logger } from '../process/logger';
import { pause } from '../process/pause';
import type { Part } from '../process/service';
import { Unavailable } from '../process/unavailable';
import { followOn } from './nats-following';
import { subscribeOn, type Subscriber } from './nats-subscribing';
import type { Delivery, Follower, Subscription, Transport } from './transport';

const ackTimeoutMs = 5000;
const stopTimeoutMs = 2000;
const firstPauseMs = 100;
const maxPauseMs = 2000;

/** What the client has and its types do not mention. */
interface Untyped {
  nc?: { closed: boolean };
  closeWithError(event: string, error: Error): void;
}
type Client = Stan & Untyped;

export interface NatsStreamingOptions {
  url: string;
  clusterId: string;
  /** Unique among live connections; the server ends an earlier connection of the same name. */
  clientId: string;
  logger: Logger;
}

export class NatsStreaming implements Transport, Part {
  readonly name = 'broker';
  private client: Client | undefined;
  private isUp = false;
  private readonly stopping = new AbortController();
  private readonly subscribers: Subscriber[] = [];
  private readonly followers = new Map<Follower, () => void>();
  private readonly waiting = new Set<() => void>();
  /** Fails each message that the broker has not confirmed yet. */
  private readonly unconfirmed = new Set<() => void>();
  private pauseMs = firstPauseMs;

  constructor(private readonly options: NatsStreamingOptions) {}

  start(): Promise<void> {
    this.connect();
    return Promise.resolve();
  }

  isConnected(): boolean {
    return this.isUp;
  }

  async whenConnected(signal: AbortSignal): Promise<void> {
    if (this.isUp || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  publish(channel: string, data: string): Promise<void> {
    const { client } = this;
    if (!client || !this.isUp) return Promise.reject(new Unavailable('The broker is away.'));
    return new Promise((resolve, reject) => {
      const fail = (cause?: unknown): void => {
        this.unconfirmed.delete(fail);
        reject(new Unavailable(`The broker did not confirm a message on ${channel}.`, { cause }));
      };
      this.unconfirmed.add(fail);
      const settle = (error?: Error | string): void => {
        // When its inner connection closes, the client reports success for what was never stored.
        if (error || !client.nc || client.nc.closed) {
          fail(error);
          return;
        }
        this.unconfirmed.delete(fail);
        resolve();
      };
      try {
        client.publish(channel, data, settle);
      } catch (error) {
        settle(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  subscribe(to: Subscription, onDelivery: (delivery: Delivery) => void): void {
    const subscriber = { to, onDelivery };
    this.subscribers.push(subscriber);
    if (this.client && this.isUp) this.open(this.client, subscriber);
  }

  follow(follower: Follower): () => void {
    this.followers.set(follower, () => undefined);
    if (this.client && this.isUp) this.openFollower(this.client, follower);
    return () => {
      const close = this.followers.get(follower);
      this.followers.delete(follower);
      close?.();
    };
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    const { client } = this;
    if (!client) return;
    const deadline = new AbortController();
    // Telling the server, when it is there, hands unacknowledged messages to the other members at once.
    client.once('close', () => {
      deadline.abort();
    });
    if (this.isUp) {
      client.close();
      await pause(stopTimeoutMs, deadline.signal);
    }
    this.discard(client);
  }

  private connect(): void {
    const { url, clusterId, clientId, logger } = this.options;
    const client = connect(clusterId, clientId, {
      url,
      // A name of its own for each connection at the level below, to tell them apart in the server's monitor.
      name: `${clientId}-${randomUUID().slice(0, 8)}`,
      waitOnFirstConnect: true,
      reconnectTimeWait: 250,
      maxReconnectAttempts: -1,
      connectTimeout: 2000,
      ackTimeout: ackTimeoutMs,
      stanPingInterval: 5000,
      stanMaxPingOut: 3,
    }) as Client;
    this.client = client;
    client.on('connect', () => {
      this.pauseMs = firstPauseMs;
      for (const subscriber of this.subscribers) this.open(client, subscriber);
      for (const follower of this.followers.keys()) this.openFollower(client, follower);
      this.setUp(true);
      logger.info('connected to the broker');
    });
    client.on('disconnect', () => {
      this.setUp(false);
      logger.warn('the broker is away');
    });
    // The server kept our subscriptions: they go on by themselves.
    client.on('reconnect', () => {
      this.setUp(true);
      logger.info('the broker is back');
      for (const follower of this.followers.keys()) follower.onReady();
    });
    for (const event of ['connection_lost', 'error', 'close']) {
      client.on(event, (error?: Error | string) => {
        this.replace(client, `${event}: ${error instanceof Error ? error.message : (error ?? '')}`);
      });
    }
  }

  private open(client: Client, subscriber: Subscriber): void {
    const isCurrent = (): boolean => client === this.client;
    subscribeOn(client, subscriber, isCurrent, (reason) => {
      this.replace(client, reason);
    });
  }

  private openFollower(client: Client, follower: Follower): void {
    const close = followOn(client, follower, (reason) => {
      this.replace(client, reason);
    });
    this.followers.set(follower, close);
  }

  private replace(client: Client, reason: string): void {
    if (client !== this.client) return;
    this.discard(client);
    if (this.stopping.signal.aborted) return;
    this.options.logger.warn({ reason, pauseMs: this.pauseMs }, 'making a new connection to the broker');
    void pause(this.pauseMs, this.stopping.signal).then(() => {
      if (!this.stopping.signal.aborted) this.connect();
    });
    this.pauseMs = Math.min(this.pauseMs * 2, maxPauseMs);
  }

  private discard(client: Client): void {
    this.client = undefined;
    this.setUp(false);
    client.removeAllListeners();
    // A client that is thrown away may still complain, and an unheard 'error' would end the process.
    client.on('error', (error: unknown) => {
      this.options.logger.debug({ err: error }, 'from a discarded connection');
    });
    // Not `nc.close()`: the client's ping timer would go on, and throw where nobody can catch it. This ends timers
    // and connection, and fails what waits to be confirmed.
    client.closeWithError('discarded', new Error('The connection was discarded.'));
  }

  private setUp(isUp: boolean): void {
    this.isUp = isUp;
    if (isUp) for (const done of [...this.waiting]) done();
    // Whether they were stored, nobody will tell any more: better now than when the time to confirm them is over.
    else for (const fail of [...this.unconfirmed]) fail();
  }
}
