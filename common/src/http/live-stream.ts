// Live updates by server-sent events: what happens, as it happens, to whoever looks. Every replica follows all events
// while it has readers. A stream is for speed and no more: what is missed (the broker away, a reader dropped) is
// harmless, because readers read again whenever `ready` comes, and now and then besides.
import type { Request, RequestHandler, Response } from 'express';
import type { Transport } from '../broker/transport';
import { parseEvent, type CloudEvent, type Contract } from '../events';
import type { Logger } from '../process/logger';
import type { Metrics } from '../process/metrics';
import { LiveReader } from './live-reader';
import { eventStream } from './observe';
import { ServerUnavailable } from './refusal';

/** One message of a stream. */
export interface LiveMessage {
  /** The kind that a page listens to. */
  event: string;
  data: object;
  /** Only for this person; for everybody without it. */
  person?: string;
}

/** What is shown of one kind of event. */
export interface LiveSource {
  channel: string;
  read(message: string): LiveMessage & { id: string };
}

/** Ties a contract to what a stream shows of its events. */
export const show = <D>(contract: Contract<D>, view: (event: CloudEvent<D>) => LiveMessage): LiveSource => ({
  channel: contract.type,
  read(message) {
    const event = parseEvent(contract, message);
    return { ...view(event), id: event.id };
  },
});

export interface LiveStreamOptions {
  transport: Pick<Transport, 'follow' | 'isConnected'>;
  sources: LiveSource[];
  logger: Logger;
  metrics: Metrics;
  /** In this replica; who comes beyond is answered 503, and polls. */
  maxReaders?: number;
  /** Of one person (or address) in this replica. */
  maxOfOnePerson?: number;
  heartbeatMs?: number;
  /** A reader is sent away after so long and comes back, perhaps to another replica, with the session it then has. */
  maxAgeMs?: number;
}

const ready = 'event: ready\ndata: {}\n\n';

export class LiveStream {
  private readonly readers = new Set<LiveReader>();
  private readonly sources: Map<string, LiveSource>;
  private isStopping = false;
  private isReady = false;
  private stopFollowing: (() => void) | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private readonly lost;

  constructor(private readonly options: LiveStreamOptions) {
    const { metrics, sources } = options;
    this.sources = new Map(sources.map((source) => [source.channel, source]));
    metrics.gauge('live_readers', 'Readers of the live stream in this replica', [], (gauge) => {
      gauge.set(this.readers.size);
    });
    this.lost = metrics.counter('live_readers_lost_total', 'Readers that were refused or dropped', ['why']);
  }

  /** @param personOf who reads: a user's id, or an address */
  route(personOf: (request: Request) => string): RequestHandler {
    return (request, response) => {
      const person = personOf(request);
      if (!this.hasRoomFor(person)) {
        this.lost.inc({ why: 'too_many' });
        throw new ServerUnavailable('Too many are looking. Please ask again instead.');
      }
      // Express asks here for HEAD too, which has no body to wait for.
      if (request.method === 'HEAD') response.type(eventStream).end();
      else this.open(response, person);
    };
  }

  /** Ends all streams and takes no more: they would hold up the stop. */
  stop(): void {
    this.isStopping = true;
    for (const reader of this.readers) this.dismiss(reader);
  }

  private hasRoomFor(person: string): boolean {
    const { maxReaders = 1000, maxOfOnePerson = 20 } = this.options;
    if (this.isStopping || this.readers.size >= maxReaders) return false;
    let count = 0;
    for (const reader of this.readers) if (reader.person === person) count++;
    return count < maxOfOnePerson;
  }

  private open(response: Response, person: string): void {
    const reader = new LiveReader(response, person);
    this.readers.add(reader);
    response.once('close', () => {
      this.forget(reader);
    });
    if (!this.stopFollowing) this.listen();
    else if (this.isReady && this.options.transport.isConnected()) reader.send(ready);
  }

  private listen(): void {
    const { transport, heartbeatMs = 15_000 } = this.options;
    this.stopFollowing = transport.follow({
      channels: [...this.sources.keys()],
      onMessage: (channel, message) => {
        this.tell(channel, message);
      },
      onReady: () => {
        this.isReady = true;
        this.sendAll(ready);
      },
    });
    this.heartbeat = setInterval(() => {
      this.beat();
    }, heartbeatMs);
  }

  /** Gone or going: nothing more is sent, and a place is free. */
  private forget(reader: LiveReader): void {
    if (!this.readers.delete(reader) || this.readers.size > 0) return;
    clearInterval(this.heartbeat);
    this.stopFollowing?.();
    this.stopFollowing = undefined;
    this.isReady = false;
  }

  private tell(channel: string, message: string): void {
    try {
      const told = this.sources.get(channel)?.read(message);
      if (!told) return;
      const { event, id, data, person } = told;
      this.sendAll(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`, person);
    } catch (error) {
      // Its listeners set it aside, where an operator sees it; nobody here waits for it.
      this.options.logger.debug({ err: error, channel }, 'an event could not be shown');
    }
  }

  private dismiss(reader: LiveReader): void {
    this.forget(reader);
    reader.end();
  }

  private beat(): void {
    const { maxAgeMs = 10 * 60_000 } = this.options;
    for (const reader of this.readers) if (Date.now() - reader.openedAt > maxAgeMs) this.dismiss(reader);
    this.sendAll(': \n\n');
  }

  private sendAll(text: string, person?: string): void {
    const bytes = Buffer.from(text);
    for (const reader of this.readers) {
      if (person !== undefined && reader.person !== person) continue;
      if (reader.send(bytes)) continue;
      this.forget(reader);
      this.lost.inc({ why: 'too_slow' });
    }
  }
}
