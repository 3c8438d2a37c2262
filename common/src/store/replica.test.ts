import { Schema, Types } from 'mongoose';
import { createLogger } from '../process/logger';
import { testMongoUri } from '../testing/servers';
import { newId } from '../testing/session';
import { Database } from './database';
import { defineModel } from './model';
import { Replicas, type ReplicaState } from './replica';

interface Copy extends ReplicaState {
  title: string;
  holder: string | null;
}

const database = new Database(testMongoUri('replica'), createLogger('test', 'test', 'silent'));
const schema = new Schema<Copy>({ version: Number, title: String, holder: String }, { versionKey: false });
const copies = defineModel<Copy>(database.connection, 'Copy', schema, 'copies');
const replicas = new Replicas(copies);

const state = (version: number, holder: string | null = null) => ({
  version,
  title: `title ${version}`,
  holder,
});
const stored = (id: string) => copies.findById(id).lean<Copy>();
const shuffled = <T>(items: T[]): T[] =>
  items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);

beforeAll(() => database.start());
afterAll(() => database.stop());

describe('A copy', () => {
  test('is made of the first state that is heard of, whichever version that is', async () => {
    for (const version of [0, 5]) {
      const id = newId();
      await replicas.applyIfNewer({ id, ...state(version) });
      expect(await stored(id)).toEqual({ _id: new Types.ObjectId(id), ...state(version) });
    }
  });

  test('takes over a newer state, over gaps too, with all its fields', async () => {
    const id = newId();
    await replicas.applyIfNewer({ id, ...state(0, 'anna') });
    await replicas.applyIfNewer({ id, ...state(1, 'ben') });
    await replicas.applyIfNewer({ id, ...state(7) });
    expect(await stored(id)).toMatchObject(state(7));
  });

  test.each([
    ['comes twice', 3],
    ['is older', 2],
    ['is the oldest', 0],
  ])('stays as it is when a state %s', async (_what, version) => {
    const id = newId();
    await replicas.applyIfNewer({ id, ...state(3, 'anna') });
    await replicas.applyIfNewer({ id, ...state(version), title: 'wrong' });
    expect(await stored(id)).toMatchObject(state(3, 'anna'));
  });

  test('is one document, made once, when its first event comes ten times at once', async () => {
    const id = newId();
    await Promise.all(Array.from({ length: 10 }, () => replicas.applyIfNewer({ id, ...state(0) })));
    expect(await copies.countDocuments({ _id: id })).toBe(1);
  });

  test('takes over a newer state though others put older ones there at that very moment', async () => {
    // Each with a batch of its own, as so many replicas of the service have.
    const racing = Array.from({ length: 8 }, () => new Replicas(copies));
    const ids = Array.from({ length: 50 }, newId);
    await Promise.all(
      ids.flatMap((id) => racing.map((each, version) => each.applyIfNewer({ id, ...state(version) }))),
    );
    for (const id of ids) expect(await stored(id)).toMatchObject(state(7));
  });

  test('ends at the newest state, however its events are shuffled, doubled and raced', async () => {
    const newest = 5;
    const ids = Array.from({ length: 25 }, newId);
    const events = ids.flatMap((id) =>
      Array.from({ length: newest + 1 }, (_, version) => [
        { id, version },
        { id, version },
      ]).flat(),
    );
    await Promise.all(
      shuffled(events).map(({ id, version }) => replicas.applyIfNewer({ id, ...state(version) })),
    );
    const ends = await copies.find({ _id: { $in: ids } }).lean<Copy[]>();
    expect(ends).toHaveLength(ids.length);
    expect(ends.filter(({ version, title }) => version !== newest || title !== `title ${newest}`)).toEqual(
      [],
    );
  });

  test('that the database refuses fails by itself: those written together with it are kept', async () => {
    const [before, broken, after] = [newId(), newId(), newId()];
    await database.connection.db?.command({ collMod: 'copies', validator: { title: { $ne: 'refused' } } });
    const outcomes = await Promise.allSettled([
      replicas.applyIfNewer({ id: before, ...state(0) }),
      replicas.applyIfNewer({ id: broken, ...state(0), title: 'refused' }),
      replicas.applyIfNewer({ id: after, ...state(0) }),
    ]);
    expect(outcomes).toEqual([
      { status: 'fulfilled' },
      { status: 'rejected', reason: expect.objectContaining({ message: 'Document failed validation' }) },
      { status: 'fulfilled' },
    ]);
    expect(await copies.countDocuments({ _id: { $in: [before, broken, after] } })).toBe(2);
  });
});
