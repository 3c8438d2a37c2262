// The relay's lease and bookmark: one document in the service's database says which replica relays, until when
// (by the database's clock), and how far it has come.
import type { mongo } from 'mongoose';

/** A place in a change stream: MongoDB's resume token. */
export type Bookmark = object;

interface LeaseDocument extends mongo.Document {
  _id: string;
  holder: string;
  expiresAt: Date;
  token?: Bookmark;
}

const id = 'relay';

export class Lease {
  constructor(
    private readonly collection: mongo.Collection<LeaseDocument>,
    private readonly holder: string,
    private readonly ttlMs: number,
  ) {}

  /**
   * Takes the lease if it is free, expired or ours already (a restarted replica goes on at once).
   *
   * @returns where the last holder stopped; undefined token at the very beginning; false when another holds it
   */
  async acquire(): Promise<{ token: Bookmark | undefined } | false> {
    const isFree = {
      $or: [{ $eq: ['$holder', this.holder] }, { $lt: [{ $ifNull: ['$expiresAt', new Date(0)] }, '$$NOW'] }],
    };
    const lease = await this.collection.findOneAndUpdate(
      { _id: id },
      [
        {
          $set: {
            holder: { $cond: [isFree, this.holder, '$holder'] },
            expiresAt: { $cond: [isFree, { $add: ['$$NOW', this.ttlMs] }, '$expiresAt'] },
          },
        },
      ],
      { upsert: true, returnDocument: 'after' },
    );
    return lease?.holder === this.holder ? { token: lease.token } : false;
  }

  /** Renews, and moves the bookmark when there is a new one. @returns whether the lease was still ours */
  async renew(token: Bookmark | undefined): Promise<boolean> {
    const result = await this.collection.updateOne({ _id: id, holder: this.holder }, [
      {
        $set: {
          expiresAt: { $add: ['$$NOW', this.ttlMs] },
          ...(token === undefined ? {} : { token: { $literal: token } }),
        },
      },
    ]);
    return result.matchedCount === 1;
  }

  /** Forgets the bookmark: the next to relay begins by announcing everything again. */
  async forget(): Promise<void> {
    await this.collection.updateOne({ _id: id, holder: this.holder }, { $unset: { token: '' } });
  }

  /** Lets another take over at once. */
  async release(): Promise<void> {
    await this.collection.updateOne(
      { _id: id, holder: this.holder },
      { $set: { holder: '', expiresAt: new Date(0) } },
    );
  }
}
