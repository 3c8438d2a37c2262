// Replicas: copies of what another service owns, written by listeners alone.
import type { Model, Types } from 'mongoose';
import { isDuplicateKey } from './database';

/** What every replica's document has: the owner's id and version. */
export interface ReplicaState {
  _id: Types.ObjectId;
  version: number;
}

/**
 * Takes over a state if it is newer than the copy, in one conditional write. Events that come twice, late or out of
 * order therefore change nothing, and a gap needs no filling: each event carries the whole state.
 *
 * @returns whether the copy changed
 */
export async function applyIfNewer<T extends ReplicaState>(
  replicas: Model<T>,
  id: string,
  state: Omit<T, '_id'>,
): Promise<boolean> {
  const model = replicas as unknown as Model<ReplicaState>;
  const isOlder = { _id: id, version: { $lt: state.version } };
  try {
    const result = await model.updateOne(isOlder, { $set: state }, { upsert: true });
    return result.modifiedCount + result.upsertedCount > 0;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    // There is a copy after all: as new or newer, or put there by another event this very moment.
    return (await model.updateOne(isOlder, { $set: state })).modifiedCount > 0;
  }
}
