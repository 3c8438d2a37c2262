// Following channels at NATS Streaming: plain subscriptions of this connection, without group, name or memory.
import type { Message, Stan } from 'node-nats-streaming';
import type { Follower } from './transport';

const maxInFlight = 1024;
// What was on its way when a connection broke comes again after that; it may be a repeat.
const ackWaitMs = 5000;

/**
 * @param onDoubt whether the server has a subscription is unknown: with a new client it is known again
 * @returns ends it; what is still on its way is not told any more
 */
export function followOn(client: Stan, follower: Follower, onDoubt: (reason: string) => void): () => void {
  let isEnded = false;
  const unready = new Set(follower.channels);
  const closers = follower.channels.map((channel) => {
    const options = client.subscriptionOptions().setMaxInFlight(maxInFlight).setAckWait(ackWaitMs);
    const opened = client.subscribe(channel, options);
    opened.on('message', (message: Message) => {
      if (!isEnded) follower.onMessage(channel, message.getRawData().toString('utf8'));
    });
    opened.on('ready', () => {
      unready.delete(channel);
      // Ended before the server had it: only now can it be told.
      if (isEnded) opened.unsubscribe();
      else if (unready.size === 0) follower.onReady();
    });
    for (const event of ['timeout', 'error']) {
      opened.on(event, (error: Error) => {
        // Of one that is ended nothing more is expected: at worst the server sends in vain until the connection ends.
        if (!isEnded) onDoubt(`following ${channel}: ${error.message}`);
      });
    }
    return () => {
      if (!unready.has(channel)) opened.unsubscribe();
    };
  });
  return () => {
    if (isEnded) return;
    isEnded = true;
    for (const close of closers) close();
  };
}
