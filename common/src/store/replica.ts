// Replicas: copies of what another service owns, written by listeners alone.
import { Types, type Model } from 'mongoose';
import { inBatches } from '../process/in-batches';
import { bulkWrite } from './bulk-write';
import { isDuplicateKey } from './database';
import { findsById } from './find-by-id';

/** What every replica's document has: the owner's id and version. */
export interface ReplicaState {
  _id: Types.ObjectId;
  version: number;
}

/** A state that its owner announced, with the owner's id. */
export type Announced<T> = { id: string; version: number } & Omit<T, '_id'>;

/** The only way in which replicas are written. */
export class Replicas<T extends ReplicaState> {
  /** Finds a copy by its owner's id; never change what it gives (see findsById). */
  readonly find: (id: string) => Promise<T | undefined>;

  /**
   * Takes over a state if it is newer than the copy, in one conditional write; those that come at the same time are
   * written together. Events that come twice, late or out of order therefore change nothing, and a gap needs no
   * filling: each event carries the whole state.
   */
  readonly applyIfNewer: (state: Announced<T>) => Promise<void>;

  constructor(readonly model: Model<T>) {
    this.find = findsById(model);
    this.applyIfNewer = inBatches<Announced<T>>((states) => this.applyAll(states));
  }

  private async applyAll(states: Announced<T>[]): Promise<(Error | undefined)[]> {
    const outcomes = await this.write(states, { upsert: true });
    // There is a copy after all: as new or newer, or put there by another event this very moment.
    const present = states.filter((_, index) => isDuplicateKey(outcomes[index]));
    if (present.length > 0) await this.write(present, { upsert: false });
    return outcomes.map((outcome) => (isDuplicateKey(outcome) ? undefined : outcome));
  }

  private async write(states: Announced<T>[], { upsert }: { upsert: boolean }) {
    const writes = states.map(({ id, ...state }) => ({
      updateOne: {
        filter: { _id: new Types.ObjectId(id), version: { $lt: state.version } },
        update: { $set: state },
        upsert,
      },
    }));
    return (await bulkWrite(this.model, writes)).outcomes;
  }
}
