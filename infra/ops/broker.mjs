// The broker, spoken to directly, for as long as one command takes.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import stan from 'node-nats-streaming';
import { PlainFailure, errorMessage } from '../local/failure.mjs';
import { pause, within } from '../local/wait.mjs';
import { needed } from './servers.mjs';

const connectMs = 5000;
const closeMs = 2000;
/** So long without a message is the end of what was stored. */
const quietMs = 700;

/**
 * @template T
 * @param {import('./servers.mjs').Servers} servers
 * @param {(broker: import('node-nats-streaming').Stan) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withBroker(servers, work) {
  const broker = stan.connect(servers.clusterId, `ops-${randomUUID()}`, {
    ...{ url: needed(servers, 'nats'), connectTimeout: connectMs, reconnect: false },
  });
  try {
    try {
      await within(once(broker, 'connect'), connectMs, 'Connecting');
    } catch (error) {
      throw new PlainFailure(`The broker cannot be reached: ${errorMessage(error)}`, { cause: error });
    }
    return await work(broker);
  } finally {
    // An unheard 'error' would end the process, and what comes now concerns nobody.
    broker.on('error', () => undefined);
    const closed = once(broker, 'close');
    broker.close();
    await Promise.race([closed, pause(closeMs)]);
  }
}

/**
 * Everything that the channels hold from a moment on, in which a text occurs.
 * @param {import('./servers.mjs').Servers} servers
 * @param {{ channels: readonly string[], since: Date, mentions: readonly string[], deadlineMs: number }} what
 * @returns {Promise<{ texts: string[], isWhole: boolean }>} not whole when the deadline came first
 */
export function readChannels(servers, { channels, since, mentions, deadlineMs }) {
  return withBroker(servers, async (broker) => {
    /** @type {string[]} */
    const texts = [];
    const until = Date.now() + deadlineMs;
    let last = Date.now();
    const opened = channels.map(async (channel) => {
      const subscription = broker.subscribe(channel, broker.subscriptionOptions().setStartTime(since));
      subscription.on('message', (/** @type {import('node-nats-streaming').Message} */ message) => {
        last = Date.now();
        const text = message.getRawData().toString('utf8');
        if (mentions.some((mention) => text.includes(mention))) texts.push(text);
      });
      await once(subscription, 'ready');
    });
    await within(Promise.all(opened), connectMs, 'Subscribing');
    last = Date.now();
    while (Date.now() - last < quietMs && Date.now() < until) await pause(50);
    return { texts, isWhole: Date.now() - last >= quietMs };
  });
}
