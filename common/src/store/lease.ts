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
    try {
      const lease = await this.collection.findOneAndUpdate(
        { _id: id, $or: [{ holder: this.holder }, { $expr: { $lt: ['$expiresAt', '$$NOW'] } }] },
        [{ $set: { holder: this.holder, expiresAt: { $add: ['$$NOW', this.ttlMs] } } }],
        { upsert: true, returnDocument: 'after' },
      );
      return { token: lease?.token };
    } catch (error) {
      if (isHeld(error)) return false;
      throw error;
    }
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

// The upsert of a lease that another holds collides with the document that is there.
const isHeld = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 11000;
