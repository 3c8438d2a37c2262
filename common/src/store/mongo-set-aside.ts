// Messages set aside, in the service's own MongoDB.
import { Schema, type Connection, type Model } from 'mongoose';
import { defineModel } from './model';
import type { SetAside, SetAsideMessage } from '../broker/set-aside';

interface SetAsideDocument extends Omit<SetAsideMessage, 'id'> {
  _id: string;
}

const schema = new Schema<SetAsideDocument>(
  {
    _id: { type: String, required: true },
    channel: { type: String, required: true },
    data: String,
    reason: { type: String, required: true },
    attempts: { type: Number, required: true },
    setAsideAt: { type: Date, required: true },
  },
  { versionKey: false },
).index({ setAsideAt: 1 });

const toMessage = ({ _id, ...rest }: SetAsideDocument): SetAsideMessage => ({ id: _id, ...rest });

export class MongoSetAside implements SetAside {
  private readonly model: Model<SetAsideDocument>;

  constructor(connection: Connection) {
    this.model = defineModel(connection, 'SetAside', schema, 'set_aside');
  }

  async add({ id, ...message }: SetAsideMessage): Promise<void> {
    await this.model.updateOne({ _id: id }, { $setOnInsert: message }, { upsert: true });
  }

  async list(limit: number): Promise<SetAsideMessage[]> {
    const found = await this.model.find().sort({ setAsideAt: 1 }).limit(limit).lean<SetAsideDocument[]>();
    return found.map(toMessage);
  }

  async find(id: string): Promise<SetAsideMessage | undefined> {
    const found = await this.model.findById(id).lean<SetAsideDocument>();
    return found ? toMessage(found) : undefined;
  }

  async remove(id: string): Promise<void> {
    await this.model.deleteOne({ _id: id });
  }

  count(): Promise<number> {
    return this.model.estimatedDocumentCount();
  }
}
