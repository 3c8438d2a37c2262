// The sessions that were ended before their time: kept in the service's own database, and known by heart by each of its replicas.
import { Schema, type ClientSession, type Connection, type Model, type mongo } from 'mongoose';
import type { CloudEvent, SessionEndedData } from '../events';
import type { OpenSession, SessionEndings } from '../http/session';
import type { Logger } from '../process/logger';
import { Repeat } from '../process/repeat';
import type { Part } from '../process/service';
import { defineModel } from '../store';

interface EndedSession {
  /** A session's id, or that of a person whose sessions of a lower epoch all ended. */
  _id: string;
  userId: string;
  sessionId: string | null;
  epoch: number;
  /** Forgotten then, for the sessions are over by themselves. */
  until: Date;
  /** When it was written, by the database's clock. */
  seenAt: Date;
  /** In auth alone, whose relay announces it. */
  event?: CloudEvent<SessionEndedData>;
}

export const endedSessionsCollection = 'ended_sessions';

const readEveryMs = 1000;
/** Read again, for writes become visible a moment after the time they bear. */
const overlapMs = 10_000;
const forgetEveryMs = 60_000;

const schema = new Schema<EndedSession>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    sessionId: { type: String, default: null },
    epoch: { type: Number, required: true },
    until: { type: Date, required: true },
    seenAt: { type: Date, required: true },
    event: { type: Schema.Types.Mixed, select: false },
  },
  { versionKey: false },
)
  .index({ until: 1 }, { expireAfterSeconds: 0 })
  .index({ seenAt: 1 });

/**
 * A replica that ends a session, or hears of it, knows at once; the others of its service within a second, and one that
 * starts before it answers anything. With the database away they go on with what they know.
 */
export class EndedSessions implements Part, SessionEndings {
  readonly name = 'ended-sessions';
  /** Until when, by session. */
  private readonly sessions = new Map<string, number>();
  /** The first epoch that goes on, by person. */
  private readonly people = new Map<string, { epoch: number; until: number }>();
  private readonly model: Model<EndedSession>;
  private readonly reading: Repeat;
  private readUpTo = new Date(0);
  private forgottenAt = 0;

  constructor(connection: Connection, logger: Logger) {
    this.model = defineModel<EndedSession>(connection, 'EndedSession', schema, endedSessionsCollection);
    const options = { everyMs: readEveryMs, maxPauseMs: 2 * readEveryMs, logger };
    this.reading = new Repeat(this.name, () => this.read(), options);
  }

  async start(): Promise<void> {
    await this.read();
    await this.reading.start();
  }

  stop(): Promise<void> {
    return this.reading.stop();
  }

  isEnded({ id, userId, epoch }: OpenSession): boolean {
    return this.sessions.has(id) || (this.people.get(userId)?.epoch ?? 0) > epoch;
  }

  /**
   * Ends sessions, however often and in whatever order it is told to.
   *
   * @param event carried along, where it is to be announced
   * @param transaction to be part of; `remember` it once it is committed
   */
  async end(
    data: SessionEndedData,
    { event, transaction }: { event?: CloudEvent<SessionEndedData>; transaction?: ClientSession } = {},
  ): Promise<void> {
    const { id, userId, sessionId, epoch } = data;
    const until = new Date(data.until);
    const state = { userId, sessionId, epoch, until, ...(event && { event }) };
    const collection = this.model.collection as unknown as mongo.Collection<EndedSession>;
    // What is known of a later epoch stays: then nothing is written but the time.
    const isNews = { $gte: [epoch, { $ifNull: ['$epoch', 0] }] };
    const set = Object.entries(state).map(([name, value]) => [
      name,
      { $cond: [isNews, { $literal: value }, `$${name}`] },
    ]);
    await collection.updateOne(
      { _id: id },
      [{ $set: { ...(Object.fromEntries(set) as object), seenAt: '$$NOW' } }],
      { upsert: true, ...(transaction && { session: transaction }) },
    );
    if (!transaction) this.remember(data);
  }

  /** Reads what has come since; all of it the first time. */
  private async read(): Promise<void> {
    const since = new Date(this.readUpTo.getTime() - overlapMs);
    const found = await this.model
      .find({ seenAt: { $gt: since } })
      .lean<EndedSession[]>()
      .exec();
    for (const ended of found) {
      this.know(ended);
      if (ended.seenAt > this.readUpTo) this.readUpTo = ended.seenAt;
    }
    if (Date.now() - this.forgottenAt > forgetEveryMs) this.forget();
  }

  /** What a transaction of ours has ended, once it is committed. */
  remember({ until, ...data }: SessionEndedData): void {
    this.know({ ...data, until: new Date(until) });
  }

  private know({ userId, sessionId, epoch, until }: Omit<EndedSession, '_id' | 'seenAt'>): void {
    if (sessionId !== null) {
      this.sessions.set(sessionId, until.getTime());
      return;
    }
    const known = this.people.get(userId)?.epoch ?? 0;
    if (epoch >= known) this.people.set(userId, { epoch, until: until.getTime() });
  }

  private forget(): void {
    const now = Date.now();
    this.forgottenAt = now;
    for (const [id, until] of this.sessions) if (until < now) this.sessions.delete(id);
    for (const [id, { until }] of this.people) if (until < now) this.people.delete(id);
  }
}
