import { Schema, Types } from 'mongoose';
import { createLogger } from '../process/logger';
import { testMongoUri } from '../testing/servers';
import { newId } from '../testing/session';
import { Database } from './database';
import { defineModel } from './model';
import { applyIfNewer, type ReplicaState } from './replica';

interface Copy extends ReplicaState {
  title: string;
  holder: string | null;
}

const database = new Database(testMongoUri('replica'), createLogger('test', 'test', 'silent'));
const schema = new Schema<Copy>({ version: Number, title: String, holder: String }, { versionKey: false });
const copies = defineModel<Copy>(database.connection, 'Copy', schema, 'copies');

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
      expect(await applyIfNewer(copies, id, state(version))).toBe(true);
      expect(await stored(id)).toEqual({ _id: new Types.ObjectId(id), ...state(version) });
    }
  });

  test('takes over a newer state, over gaps too, with all its fields', async () => {
    const id = newId();
    await applyIfNewer(copies, id, state(0, 'anna'));
    expect(await applyIfNewer(copies, id, state(1, 'ben'))).toBe(true);
    expect(await applyIfNewer(copies, id, state(7))).toBe(true);
    expect(await stored(id)).toMatchObject(state(7));
  });

  test.each([
    ['comes twice', 3],
    ['is older', 2],
    ['is the oldest', 0],
  ])('stays as it is when a state %s', async (_what, version) => {
    const id = newId();
    await applyIfNewer(copies, id, state(3, 'anna'));
    expect(await applyIfNewer(copies, id, { ...state(version), title: 'wrong' })).toBe(false);
    expect(await stored(id)).toMatchObject(state(3, 'anna'));
  });

  test('is one document, made once, when its first event comes ten times at once', async () => {
    const id = newId();
    const applied = await Promise.all(Array.from({ length: 10 }, () => applyIfNewer(copies, id, state(0))));
    expect(applied.filter(Boolean)).toHaveLength(1);
    expect(await copies.countDocuments({ _id: id })).toBe(1);
  });

  test('takes over a newer state though an older one was put there at that very moment', async () => {
    const id = newId();
    let isFirst = true;
    // Between looking for a copy and making one, another event makes it: the database refuses ours.
    const raced = Object.create(copies) as typeof copies;
    const updateOne = async (...args: Parameters<typeof copies.updateOne>): Promise<unknown> => {
      if (!isFirst) return copies.updateOne(...args);
      isFirst = false;
      await copies.create([{ _id: id, ...state(0) }]);
      return copies.create([{ _id: id, ...state(1) }]);
    };
    Object.assign(raced, { updateOne });
    expect(await applyIfNewer(raced, id, state(1))).toBe(true);
    expect(await stored(id)).toMatchObject(state(1));
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
    const outcomes = await Promise.all(
      shuffled(events).map(async ({ id, version }) => ({
        id,
        applied: await applyIfNewer(copies, id, state(version)),
      })),
    );
    const ends = await copies.find({ _id: { $in: ids } }).lean<Copy[]>();
    expect(ends).toHaveLength(ids.length);
    expect(ends.filter(({ version, title }) => version !== newest || title !== `title ${newest}`)).toEqual(
      [],
    );
    for (const id of ids) expect(outcomes.some((each) => each.id === id && each.applied)).toBe(true);
  });

  test('is not made of a state that the database refuses, and the error is heard', async () => {
    const broken = { ...state(0), version: 'one' as unknown as number };
    await expect(applyIfNewer(copies, newId(), broken)).rejects.toThrow('Cast to Number failed');
  });
});
