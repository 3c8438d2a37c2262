// Aggregates: one document each, with a version; every change is one write that carries its event along.
import { setTimeout as sleep } from 'node:timers/promises';
import { Schema, Types, type Model } from 'mongoose';
import { createEvent, type Cause, type Contract } from '../events';
import { Unavailable } from '../process/unavailable';

/** What every aggregate's document has. A field `event` is there too, hidden from every query: see the relay. */
export interface AggregateState {
  _id: Types.ObjectId;
  /** 0 when created, one more with every change. */
  version: number;
  createdAt: Date;
}

/** The schema plugin: adds the fields of AggregateState and the hidden `event`. */
export function aggregate(schema: Schema): void {
  schema.add({
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    // The event that announces the last change, whole. Overwritten by the next change, never cleaned up.
    event: { type: Schema.Types.Mixed, select: false },
  });
  schema.set('versionKey', false);
}

/** A decision: what changes, and which event says so. Without `announce` nobody else is concerned. */
export interface Change<T, D> {
  set: Partial<Omit<T, keyof AggregateState>>;
  announce?: Contract<D>;
}

const maxConflicts = 50;

/** The only way in which aggregates are written. */
export class Aggregates<T extends AggregateState, D> {
  constructor(
    readonly model: Model<T>,
    private readonly options: {
      /** The service, as the events' source. */
      source: string;
      /** A state as the data of its events. */
      describe: (state: T) => D;
    },
  ) {}

  /**
   * Inserts a new aggregate, version 0, with its event, if it has one. Throws the driver's error when a unique index
   * refuses it.
   */
  async create(
    { _id = new Types.ObjectId(), ...fields }: Omit<T, keyof AggregateState> & { _id?: Types.ObjectId },
    announce: Contract<D> | undefined,
    cause: Cause,
  ): Promise<T> {
    const state = { ...fields, _id, version: 0, createdAt: new Date() } as unknown as T;
    const event = this.event(state, announce, cause);
    // By the driver itself: a mongoose document, made only to be saved, costs as much as the write.
    await this.model.collection.insertOne({ ...state, ...(event && { event }) });
    return state;
  }

  /**
   * Loads, lets `decide` guard and choose, and writes if the version is still the one that was loaded; else starts
   * again. `decide` may throw a refusal, or return nothing to leave the aggregate as it is; it may run several times.
   *
   * @returns the state after the change; undefined when there is no such aggregate
   * @throws Unavailable after fifty lost races in a row
   */
  async change(
    id: string,
    decide: (current: T) => Change<T, D> | undefined,
    cause: Cause,
  ): Promise<T | undefined> {
    for (let conflicts = 0; conflicts < maxConflicts; conflicts++) {
      // Twice as long after each lost race: a crowd of a hundred at one aggregate then gets through.
      if (conflicts > 2) await sleep(Math.random() * Math.min(2 ** conflicts, 250));
      const current = await this.find(id);
      if (!current) return undefined;
      const change = decide(current);
      if (!change) return current;
      const next = { ...current, ...change.set, version: current.version + 1 };
      const event = this.event(next, change.announce, cause);
      const { matchedCount } = await this.model.updateOne(
        { _id: current._id, version: current.version },
        { $set: { ...change.set, version: next.version, ...(event && { event }) } },
      );
      if (matchedCount === 1) return next;
    }
    throw new Unavailable(`Too many changes at once to ${this.options.source} ${id}.`);
  }

  async find(id: string): Promise<T | undefined> {
    return (await this.model.findById(id).lean<T>().exec()) ?? undefined;
  }

  private event(state: T, announce: Contract<D> | undefined, cause: Cause) {
    if (!announce) return undefined;
    const { source, describe } = this.options;
    return createEvent(announce, describe(state), {
      source,
      subject: String(state._id),
      version: state.version,
      cause,
    });
  }
}
