// The door to the broker: all that the system asks of one. NATS Streaming stands behind it today.

/** One message on its way to a listener. */
export interface Delivery {
  data: string;
  /** The message's place in its channel. */
  sequence: number;
  /** 1 when it is delivered for the first time. */
  attempt: number;
  /** Tells the broker that the message is done with; unacknowledged ones come again. */
  ack(): void;
}

export interface Subscription {
  channel: string;
  /** The members of a group share a channel's messages; the broker remembers how far the group has come. */
  group: string;
  /** How many unacknowledged messages one member is given at once. */
  maxInFlight: number;
  /** After how long an unacknowledged message comes again. Whole seconds. */
  ackWaitSeconds: number;
}

/** Somebody who wants to hear what happens while it happens, and needs nothing of what was before. */
export interface Follower {
  channels: readonly string[];
  onMessage(channel: string, data: string): void;
  /** From now on nothing is missed: once all channels are heard, and again whenever the broker was away. */
  onReady(): void;
}

/** At-least-once messaging over durable, ordered channels. */
export interface Transport {
  /** Begins to connect, and goes on until it succeeds; it never gives up and never throws for a broker that is away. */
  start(): Promise<void>;
  isConnected(): boolean;
  /** Resolves when connected, or when the signal is aborted. */
  whenConnected(signal: AbortSignal): Promise<void>;
  /**
   * Stores a message at the broker.
   *
   * @throws Unavailable when the broker did not confirm; it may have stored the message all the same
   */
  publish(channel: string, data: string): Promise<void>;
  /** From the group's place on, for as long as the transport lives, across reconnections. */
  subscribe(subscription: Subscription, onDelivery: (delivery: Delivery) => void): void;
  /**
   * Every follower hears everything, in whichever replica it is: nothing is shared out, acknowledged or remembered.
   *
   * @returns ends it
   */
  follow(follower: Follower): () => void;
  stop(): Promise<void>;
}
