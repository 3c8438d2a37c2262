// Aggregates: one document each, with a version; every change is one write that carries its event along.
import { setTimeout as sleep } from 'node:timers/promises';
import { Schema, Types, type Model } from 'mongoose';
import { createEvent, type Cause, type Contract } from '../events';
import { inBatches } from '../process/in-batches';
import { Unavailable } from '../process/unavailable';
import { bulkWrite, type Write } from './bulk-write';
import { findsById } from './find-by-id';

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
  /** Finds an aggregate by its id; never change what it gives (see findsById). */
  readonly find: (id: string) => Promise<T | undefined>;
  /** What is created at the same time is one write (a group commit). */
  private readonly insert: (document: object) => Promise<void>;

  constructor(
    readonly model: Model<T>,
    private readonly options: {
      /** The service, as the events' source. */
      source: string;
      /** A state as the data of its events. */
      describe: (state: T) => D;
    },
  ) {
    this.find = findsById(model);
    this.insert = inBatches<object>(async (documents) => {
      const inserts = documents.map((document): Write => ({ insertOne: { document } }));
      return (await bulkWrite(model, inserts)).outcomes;
    });
  }

  /**
   * Inserts a new aggregate, version 0, with its event, if it has one. Throws what isDuplicateKey knows when a unique
   * index refuses it.
   */
  async create(
    { _id = new Types.ObjectId(), ...fields }: Omit<T, keyof AggregateState> & { _id?: Types.ObjectId },
    announce: Contract<D> | undefined,
    cause: Cause,
  ): Promise<T> {
    const state = { ...fields, _id, version: 0, createdAt: new Date() } as unknown as T;
    const event = this.event(state, announce, cause);
    await this.insert({ ...state, ...(event && { event }) });
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
      // The more races are lost, the more there are in them: step back further, at random.
      if (conflicts > 2) await sleep(Math.random() * 5 * conflicts);
      const current = await this.find(id);
      if (!current) return undefined;
      const write = this.write(current, decide(current), cause);
      if (!write) return current;
      const { matchedCount } = await this.model.collection.updateOne(write.filter, write.update);
      if (matchedCount === 1) return write.next;
    }
    throw new Unavailable(`Too many changes at once to ${this.options.source} ${id}.`);
  }

  /**
   * The same for many, in two round trips instead of two each; who lost a race is changed again by itself.
   *
   * @param causes what brought each change about, by the aggregate's id
   * @returns what went wrong with single ones, by their ids; rejects with what concerns all of them
   */
  async changeMany(
    causes: Map<string, Cause>,
    decide: (current: T) => Change<T, D> | undefined,
  ): Promise<Map<string, Error>> {
    const failures = new Map<string, Error>();
    const found = await Promise.all([...causes.keys()].map((id) => this.find(id)));
    const writes = found.flatMap((current) => {
      const cause = current && causes.get(String(current._id));
      return (cause && this.write(current, decide(current), cause)) ?? [];
    });
    if (writes.length === 0) return failures;
    const { matchedCount } = await bulkWrite(
      this.model,
      writes.map(({ filter, update }) => ({ updateOne: { filter, update } })),
    );
    if (matchedCount === writes.length) return failures;
    // Which of them were lost is not told; whoever has changed already decides against changing again.
    for (const [id, cause] of causes) {
      try {
        await this.change(id, decide, cause);
      } catch (error) {
        failures.set(id, error as Error);
      }
    }
    return failures;
  }

  /** A decision as the one write that carries it out, on condition that nothing has changed since. */
  private write(current: T, change: Change<T, D> | undefined, cause: Cause) {
    if (!change) return undefined;
    const next = { ...current, ...change.set, version: current.version + 1 };
    const event = this.event(next, change.announce, cause);
    const $set = { ...change.set, version: next.version, ...(event && { event }) };
    return { next, filter: { _id: current._id, version: current.version }, update: { $set } };
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
