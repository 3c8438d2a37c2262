// Reads a database's events out of its oplog, by a change stream.
import type { mongo } from 'mongoose';
import type { CloudEvent } from '../events';
import type { Logger } from '../process/logger';
import { pause } from '../process/pause';
import type { Bookmark } from './lease';

// Under load the stream is read so often, many events at a time; a single event is never held up.
const gatherMs = 20;

// The bookmark is older than the oplog, or of another one: InvalidResumeToken, ChangeStreamFatalError, ChangeStreamHistoryLost.
const codesOfLostBookmarks = [260, 280, 286];
// It is no bookmark at all: what MongoDB says of one that is damaged, or written by another version.
const codesOfMalformedBookmarks = [9, 14, 15, 40647, 40649, 50872];

/** Is this what MongoDB says when it cannot go on from a bookmark? */
export const isBookmarkLost = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  [...codesOfLostBookmarks, ...codesOfMalformedBookmarks].includes(error.code as number);

/** The database's own time, as a place in the oplog. */
export async function placeOfNow(database: mongo.Db): Promise<mongo.Timestamp> {
  const reply = await database.command({ ping: 1 });
  return reply['operationTime'] as mongo.Timestamp;
}

export interface EventStream {
  database: mongo.Db;
  /** The collections whose documents carry events. */
  collections: string[];
  from: { resumeAfter: Bookmark } | { startAtOperationTime: mongo.Timestamp };
  logger: Logger;
  onEvent: (event: CloudEvent<unknown>, place: Bookmark) => Promise<void>;
  /** There was nothing more up to this place; told about once a second while that is so. */
  onNothing: (place: Bookmark) => void;
}

/** Reads until the signal is aborted. Throws what the stream, or one of those it tells, throws. */
export async function readEvents(
  { database, collections, from, logger, onEvent, onNothing }: EventStream,
  signal: AbortSignal,
): Promise<void> {
  const stream = database.watch<mongo.Document, { _id: Bookmark; event: CloudEvent<unknown> }>(
    eventsOf(collections),
    { ...from, maxAwaitTimeMS: 1000 },
  );
  const close = (): void => {
    stream.close().catch((error: unknown) => {
      logger.debug({ err: error }, 'closing the change stream failed');
    });
  };
  signal.addEventListener('abort', close);
  let lastReadAt = 0;
  try {
    while (!signal.aborted) {
      if (stream.bufferedCount() === 0) {
        if (performance.now() - lastReadAt < gatherMs) await pause(gatherMs, signal);
        lastReadAt = performance.now();
      }
      const change = await stream.tryNext();
      if (change) await onEvent(change.event, change._id);
      // After its database was dropped a stream says "nothing" at once and for ever, and would let nothing else run.
      else if (stream.closed) throw new Error('The change stream has ended: its database was dropped.');
      else onNothing(stream.resumeToken as Bookmark);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', close);
    await stream.close();
  }
}

/** The last event of every aggregate. */
export async function* lastEvents(
  database: mongo.Db,
  collections: string[],
): AsyncGenerator<CloudEvent<unknown>> {
  for (const name of collections) {
    const collection: mongo.Collection<{ event?: CloudEvent<unknown> }> = database.collection(name);
    const found = collection
      .find({ event: { $type: 'object' } }, { projection: { event: 1 } })
      .sort({ _id: 1 });
    for await (const { event } of found) if (event) yield event;
  }
}

const eventsOf = (collections: string[]) => [
  {
    $match: {
      'ns.coll': { $in: collections },
      operationType: { $in: ['insert', 'update', 'replace'] },
      $or: [
        { 'fullDocument.event': { $type: 'object' } },
        { 'updateDescription.updatedFields.event': { $type: 'object' } },
      ],
    },
  },
  { $project: { event: { $ifNull: ['$updateDescription.updatedFields.event', '$fullDocument.event'] } } },
];
