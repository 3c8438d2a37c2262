// Reads by id: those that wait at the same time are one query.
import { Types, type Model } from 'mongoose';
import { inBatches } from '../process/in-batches';

/** The fields that a schema hides from every query (`select: false`), as a projection. */
function withoutHidden(model: Model<never>): Record<string, 0> {
  const hidden: Record<string, 0> = {};
  model.schema.eachPath((path, { options }) => {
    if ((options as { select?: boolean }).select === false) hidden[path] = 0;
  });
  return hidden;
}

/**
 * A reader of single documents. A query begins only after the last of those it serves has asked, so nobody is told
 * anything older than what was there then. By the driver itself: mongoose would double the price of each.
 *
 * @returns finds a document by the 24 digits of its id. Who asks for the same at the same time is given the same
 *   object: read it, never change it.
 */
export function findsById<T extends { _id: Types.ObjectId }>(
  model: Model<T>,
): (id: string) => Promise<T | undefined> {
  const projection = withoutHidden(model as unknown as Model<never>);
  return inBatches(async (ids: string[]) => {
    const wanted = [...new Set(ids)].map((id) => new Types.ObjectId(id));
    const [only] = wanted;
    const _id = only && wanted.length === 1 ? only : { $in: wanted };
    const found = await model.collection.find<T>({ _id }, { projection }).toArray();
    const byId = new Map(found.map((document) => [String(document._id), document]));
    return ids.map((id) => byId.get(id.toLowerCase()));
  });
}
