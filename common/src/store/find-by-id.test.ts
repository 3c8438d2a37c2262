// Reads by id that wait together are one query, and none of them is answered from before it was asked.
import { Schema, Types } from 'mongoose';
import { createLogger } from '../process/logger';
import { testMongoUri } from '../testing/servers';
import { newId } from '../testing/session';
import { Database } from './database';
import { findsById } from './find-by-id';
import { defineModel } from './model';

interface Thing {
  _id: Types.ObjectId;
  name: string;
  secret?: string;
}

const database = new Database(testMongoUri('find_by_id'), createLogger('test', 'test', 'silent'));
const schema = new Schema<Thing>(
  { name: String, secret: { type: String, select: false } },
  { versionKey: false },
);
const things = defineModel<Thing>(database.connection, 'Thing', schema, 'things');
const find = findsById(things);

const store = async (name: string): Promise<string> => {
  const id = newId();
  await things.collection.insertOne({ _id: new Types.ObjectId(id), name, secret: 'hidden' });
  return id;
};

beforeAll(() => database.start());
afterAll(() => database.stop());

test('a document is found whole but for what its schema hides; what is not there is undefined', async () => {
  const id = await store('one');
  expect(await find(id)).toEqual({ _id: new Types.ObjectId(id), name: 'one' });
  expect(await find(id.toUpperCase())).toMatchObject({ name: 'one' });
  expect(await find(newId())).toBeUndefined();
});

test('a crowd that asks at the same time is answered by two queries, each with its own document', async () => {
  const names = Array.from({ length: 80 }, (_, index) => `thing ${index}`);
  const ids = await Promise.all(names.map(store));
  const queries = jest.spyOn(things.collection, 'find');
  const found = await Promise.all([find(ids[0] ?? ''), ...ids.map((id) => find(id))]);
  expect(found.map((thing) => thing?.name)).toEqual(['thing 0', ...names]);
  expect(queries.mock.calls.length).toBeLessThanOrEqual(2);
  queries.mockRestore();
});

test('who has written finds what was written, though others were reading all along', async () => {
  const id = await store('version 0');
  let isReading = true;
  const readers = Array.from({ length: 10 }, async () => {
    while (isReading) await find(id);
  });
  for (let version = 1; version <= 200; version++) {
    await things.updateOne({ _id: id }, { name: `version ${version}` });
    expect(await find(id)).toMatchObject({ name: `version ${version}` });
  }
  isReading = false;
  await Promise.all(readers);
});
