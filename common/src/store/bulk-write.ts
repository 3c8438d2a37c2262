// Several writes sent together, each standing or falling by itself.
import mongoose, { type Model } from 'mongoose';

const { MongoBulkWriteError } = mongoose.mongo;

export type Write = mongoose.mongo.AnyBulkWriteOperation;

/** One write of several was refused; `code` is MongoDB's. */
export class RefusedWrite extends Error {
  override readonly name = 'RefusedWrite';

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * One round trip for all of them, by the driver itself: mongoose would double the price.
 *
 * @returns how many were found to be changed, and of each write, in their order, why it was refused, if it was
 * @throws what concerns all of them: a server that is away, a write that no majority has confirmed
 */
export async function bulkWrite<T>(
  { collection }: Model<T>,
  writes: Write[],
): Promise<{ matchedCount: number; outcomes: (RefusedWrite | undefined)[] }> {
  try {
    const { matchedCount } = await (collection as mongoose.mongo.Collection).bulkWrite(writes, {
      ordered: false,
    });
    return { matchedCount, outcomes: writes.map(() => undefined) };
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const refused = [error.writeErrors].flat();
    // The driver dresses up whatever went wrong, a server that is away too, as an error of a bulk write.
    if (refused.length === 0) throw error.errorResponse instanceof Error ? error.errorResponse : error;
    if (error.result.getWriteConcernError()) throw error;
    const outcomes = new Array<RefusedWrite | undefined>(writes.length).fill(undefined);
    for (const { index, code, errmsg } of refused)
      outcomes[index] = new RefusedWrite(code, errmsg ?? 'refused');
    return { matchedCount: error.matchedCount, outcomes };
  }
}
