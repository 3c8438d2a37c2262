// A broker in memory that fails as a test wants, and relays that publish to it.
import type { CloudEvent, TicketData } from '../events';
import { createLogger } from '../process/logger';
import { Metrics } from '../process/metrics';
import { Unavailable } from '../process/unavailable';
import { Relay, type Database, type Publisher } from '../store';

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

  /** What was published, in order, as `title version`. */
  heard(): string[] {
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
  instance: string,
  leaseMs = 5000,
  metrics = new Metrics('test'),
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
