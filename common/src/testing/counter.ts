// The smallest aggregate, for the tests of the store: something that counts, and announces it as a ticket would.
import { Schema, type Connection } from 'mongoose';
import { TicketCreated, TicketUpdated, type Contract, type TicketData } from '../events';
import { aggregate, Aggregates, defineModel, type AggregateState } from '../store';
import { newId } from './session';

export interface Counter extends AggregateState {
  name: string;
  count: number;
}

const owner = newId();

/** `counters` in the database of the connection; its events carry the count as the price. */
export function counters(connection: Connection): Aggregates<Counter, TicketData> {
  const schema = new Schema<Counter>({ name: { type: String, unique: true }, count: Number });
  schema.plugin(aggregate);
  return new Aggregates<Counter, TicketData>(defineModel(connection, 'Counter', schema, 'counters'), {
    source: 'tests',
    describe: ({ _id, version, name, count }) => ({
      id: String(_id),
      version,
      title: name,
      priceInCents: count + 1,
      userId: owner,
      orderId: null,
    }),
  });
}

/** A decision to count on. */
export const countOn =
  (announce: Contract<TicketData> = TicketUpdated) =>
  ({ count }: Counter) => ({ set: { count: count + 1 }, announce });

export { TicketCreated as CounterCreated, TicketUpdated as CounterChanged };
