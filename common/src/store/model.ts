// Makes a typed model on a service's own connection: nothing here is global, so tests can run many side by side.
import type { Connection, Model, Schema } from 'mongoose';

/** A model whose documents are read with `lean<T>()`: plain objects, never hydrated. */
export function defineModel<T>(
  connection: Connection,
  name: string,
  schema: Schema<T>,
  collection: string,
): Model<T> {
  // mongoose's types carry virtuals and methods that plain documents do not have.
  return connection.model(name, schema, collection) as unknown as Model<T>;
}
