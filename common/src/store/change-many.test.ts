// Many changes in two round trips, as safe as one by one.
import { Types } from 'mongoose';
import { newCause } from '../events';
import { createLogger } from '../process/logger';
import { countOn, CounterChanged, CounterCreated, counters } from '../testing/counter';
import { testMongoUri } from '../testing/servers';
import { Database } from './database';

const database = new Database(testMongoUri('change_many'), createLogger('test', 'test', 'silent'));
const aggregates = counters(database.connection);

beforeAll(() => database.start());
afterAll(() => database.stop());

const create = async (name: string): Promise<string> =>
  String((await aggregates.create({ name, count: 0 }, CounterCreated, newCause()))._id);
const causesOf = (ids: string[]) => new Map(ids.map((id) => [id, newCause()]));
const countsOf = (ids: string[]) => Promise.all(ids.map(async (id) => (await aggregates.find(id))?.count));

test('each is changed once, with its own version and event; those that are not there are passed over', async () => {
  const ids = await Promise.all(['a', 'b', 'c'].map(create));
  await aggregates.changeMany(causesOf([...ids, String(new Types.ObjectId())]), countOn());
  for (const id of ids) {
    const stored = await database.connection.collection('counters').findOne({ _id: new Types.ObjectId(id) });
    expect(stored).toMatchObject({
      count: 1,
      version: 1,
      event: { id: `${id}.1`, type: CounterChanged.type, data: { id, version: 1 } },
    });
  }
});

test('whom the decision leaves alone stays as it is', async () => {
  const ids = await Promise.all(['even', 'odd'].map(create));
  await aggregates.changeMany(causesOf(ids), (state) =>
    state.name === 'odd' ? countOn()(state) : undefined,
  );
  expect(await countsOf(ids)).toEqual([0, 1]);
});

test('twenty at once over the same ones change each of them once where the decision says once', async () => {
  const ids = await Promise.all(Array.from({ length: 30 }, (_, index) => create(`race ${index}`)));
  const once = (state: Parameters<ReturnType<typeof countOn>>[0]) =>
    state.count === 0 ? countOn()(state) : undefined;
  await Promise.all(Array.from({ length: 20 }, () => aggregates.changeMany(causesOf(ids), once)));
  expect(await countsOf(ids)).toEqual(ids.map(() => 1));
});

test('who lost a race to another change is changed all the same', async () => {
  const ids = await Promise.all(['crossed', 'calm'].map(create));
  let crossing: Promise<unknown> | undefined;
  await aggregates.changeMany(causesOf(ids), (state) => {
    // Decided already, not yet written: the other change comes in between, once.
    crossing ??= database.connection
      .collection('counters')
      .updateOne({ _id: new Types.ObjectId(ids[0]) }, { $inc: { version: 5 } });
    return state.count === 0 ? countOn()(state) : undefined;
  });
  await crossing;
  expect(await countsOf(ids)).toEqual([1, 1]);
});
