// What became of requests that carry an Idempotency-Key, in the service's own database, for a day.
import { randomUUID } from 'node:crypto';
import { Schema, Types, type Connection, type Model, type mongo } from 'mongoose';
import { defineModel, isDuplicateKey } from '../store';

export interface KeptAnswer {
  status: number;
  /** JSON, as it was sent. */
  body: string;
}

interface KeyDocument {
  /** Of whom, for what, and which key. */
  _id: string;
  /** Of the request's body: another body is another request. */
  fingerprint: string;
  /** The id that what the request makes will have: so that however often it is begun, it is made once. */
  madeId: string;
  /** Who works on it. */
  holder: string;
  /** Until when nobody else does. Whoever holds it longer is taken for dead. */
  heldUntil: Date;
  createdAt: Date;
  answer?: KeptAnswer;
}

/** A request that is ours to work on. */
export interface Claim {
  id: string;
  holder: string;
  madeId: string;
  /** Somebody began before and did not come to an end: what is to be made may have been made. */
  isAgain: boolean;
}

export type Begun =
  | { is: 'ours'; claim: Claim }
  | { is: 'answered'; answer: KeptAnswer }
  | { is: 'another request' }
  | { is: 'in flight' };

const keptSeconds = 24 * 60 * 60;

const schema = new Schema<KeyDocument>(
  {
    _id: { type: String, required: true },
    fingerprint: { type: String, required: true },
    madeId: { type: String, required: true },
    holder: { type: String, required: true },
    heldUntil: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    answer: { type: { status: Number, body: String }, _id: false },
  },
  { versionKey: false },
).index({ createdAt: 1 }, { expireAfterSeconds: keptSeconds });

export class IdempotencyKeys {
  private readonly model: Model<KeyDocument>;

  /** @param leaseMs how long a request may take before it is taken for dead, and the next with its key goes on */
  constructor(
    connection: Connection,
    private readonly leaseMs = 15_000,
  ) {
    this.model = defineModel<KeyDocument>(connection, 'IdempotencyKey', schema, 'idempotency_keys');
  }

  /** Of all who begin with the same id, the database lets one through. */
  async begin(id: string, fingerprint: string): Promise<Begun> {
    const claim: Claim = { id, holder: randomUUID(), madeId: String(new Types.ObjectId()), isAgain: false };
    const { holder, madeId } = claim;
    try {
      const held = { holder, heldUntil: this.leaseEnd(), createdAt: new Date() };
      await this.collection.insertOne({ _id: id, fingerprint, madeId, ...held });
      return { is: 'ours', claim };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const known = await this.model.findById(id).lean<KeyDocument>().exec();
    // Forgotten this very moment: the next to ask begins anew.
    if (!known) return { is: 'in flight' };
    if (known.fingerprint !== fingerprint) return { is: 'another request' };
    if (known.answer) return { is: 'answered', answer: known.answer };
    if (known.heldUntil.getTime() > Date.now()) return { is: 'in flight' };
    const { matchedCount } = await this.collection.updateOne(
      { _id: id, holder: known.holder, heldUntil: known.heldUntil, answer: { $exists: false } },
      { $set: { holder, heldUntil: this.leaseEnd() } },
    );
    if (matchedCount === 0) return { is: 'in flight' };
    return { is: 'ours', claim: { ...claim, madeId: known.madeId, isAgain: true } };
  }

  /** Keeps the answer. @returns the one that stands: another's, where we were taken for dead and it was faster */
  async keep({ id, holder }: Claim, answer: KeptAnswer): Promise<KeptAnswer> {
    const { matchedCount } = await this.collection.updateOne({ _id: id, holder }, { $set: { answer } });
    if (matchedCount === 1) return answer;
    return (await this.model.findById(id).lean<KeyDocument>().exec())?.answer ?? answer;
  }

  /** Nothing was decided: the next with this key goes on at once, and makes what this one may have made. */
  async release({ id, holder }: Claim): Promise<void> {
    await this.collection.updateOne({ _id: id, holder }, { $set: { heldUntil: new Date(0) } });
  }

  /** mongoose's own type of it has ObjectIds only. */
  private get collection(): mongo.Collection<KeyDocument> {
    return this.model.collection as unknown as mongo.Collection<KeyDocument>;
  }

  private leaseEnd(): Date {
    return new Date(Date.now() + this.leaseMs);
  }
}
