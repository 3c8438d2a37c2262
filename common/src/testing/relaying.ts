// A broker in memory that fails as a test wants, and relays that publish to it.
import type { CloudEvent, TicketData } from '../events';
import { createLogger } from '../process/logger';
import { Metrics } from '../process/metrics';
import { Unavailable } from '../process/unavailable';
import { Relay, type Database, type Publisher } from '../store';
import { eventually } from './eventually';

/** Confirms at once, unless told to be away. */
export class MemoryPublisher implements Publisher {
  readonly messages: { channel: string; data: string }[] = [];
  /** Asked before each message: may it be stored? */
  accepts: () => boolean = () => true;
  private isAway = false;
  private readonly waiting = new Set<() => void>();

  async publish(channel: string, data: string): Promise<void> {
    await Promise.resolve();
    if (this.isAway || !this.accepts()) throw new Unavailable('The broker is away.');
    this.messages.push({ channel, data });
  }

  async whenConnected(signal: AbortSignal): Promise<void> {
    if (!this.isAway || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.waiting.add(resolve);
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
  }

  goAway(): void {
    this.isAway = true;
  }

  comeBack(): void {
    this.isAway = false;
    for (const done of this.waiting) done();
    this.waiting.clear();
  }

  /** What was published, as `title version`, in the order in which each was heard for the last time. */
  heard(): string[] {
    return [...new Set(this.heardRaw().reverse())].reverse();
  }

  /** The same with its repeats. */
  heardRaw(): string[] {
    return this.messages.map(({ data }) => {
      const { title, version } = (JSON.parse(data) as CloudEvent<TicketData>).data;
      return `${title} ${version}`;
    });
  }
}

/** A relay of `counters` (see counter.ts). */
export const relayOf = (
  database: Database,
  publisher: Publisher,
  { instance = 'a', leaseMs = 5000, metrics = new Metrics('test') } = {},
): Relay =>
  new Relay({
    database: () => database.connection.getClient().db(database.connection.name),
    collections: ['counters'],
    publisher,
    instance,
    logger: createLogger('test', instance, 'silent'),
    metrics,
    leaseMs,
  });

const mark = (title: string) => ({
  type: 'mark',
  time: new Date().toISOString(),
  data: { title, version: 0 },
});

/**
 * Starts a relay on an empty database and waits until it has left its beginning behind, where it announces only the
 * last event of each aggregate: from here on it publishes every event, once while nothing fails.
 */
export async function begin(relay: Relay, database: Database, publisher: MemoryPublisher): Promise<void> {
  await relay.start();
  const write = (title: string) =>
    database.connection
      .collection('counters')
      .updateOne({ name: 'mark' }, { $set: { event: mark(title) } }, { upsert: true });
  await eventually(async () => {
    await write('beginning');
    const lease = await database.connection.collection('relay').findOne({});
    if (!lease?.['token']) throw new Error('The relay has no bookmark yet.');
  });
  await write('begun');
  await eventually(() => {
    if (!publisher.heard().includes('begun 0')) throw new Error('The relay has not caught up yet.');
  });
  await database.connection.collection('counters').deleteMany();
  publisher.messages.length = 0;
}
