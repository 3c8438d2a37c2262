import type { mongo, Types } from 'mongoose';
import { newCause, parseEvent } from '../events';
import { createLogger } from '../process/logger';
import { CounterChanged, CounterCreated, counters, countOn } from '../testing/counter';
import { eventually } from '../testing/eventually';
import { testMongoUri } from '../testing/servers';
import { newId } from '../testing/session';
import { Database, isDuplicateKey } from './database';

const database = new Database(testMongoUri('aggregate'), createLogger('test', 'test', 'silent'));
const aggregates = counters(database.connection);
const cause = newCause();
let writes: mongo.ChangeStreamDocument[] = [];
let stream: mongo.ChangeStream;

const create = (name: string, announce: typeof CounterCreated | undefined = CounterCreated) =>
  aggregates.create({ name, count: 0 }, announce, cause);
/** The document as it is stored, the hidden event included. */
const stored = async (id: Types.ObjectId): Promise<mongo.Document> =>
  (await database.connection.collection('counters').findOne({ _id: id })) ?? {};
const refused = new Error('refused');

/** Waits for the writes that have reached the database so far; a mark of our own tells that they are all here. */
async function writesSoFar(): Promise<mongo.ChangeStreamDocument[]> {
  const { insertedId } = await database.connection.collection<mongo.Document>('marks').insertOne({});
  return eventually(() => {
    const end = writes.findIndex(
      (write) => write.operationType === 'insert' && insertedId.equals(write.documentKey._id),
    );
    expect(end).toBeGreaterThanOrEqual(0);
    return writes.slice(0, end);
  });
}

beforeAll(async () => {
  await database.start();
  stream = database.connection.getClient().db(database.connection.name).watch();
  stream.on('change', (change) => writes.push(change));
  await eventually(async () => {
    await database.connection.collection<mongo.Document>('marks').insertOne({});
    expect(writes).not.toHaveLength(0);
  });
});
beforeEach(async () => {
  await writesSoFar();
  writes = [];
});
afterAll(async () => {
  await stream.close();
  await database.stop();
});

describe('An aggregate', () => {
  test('is created with version 0 and its event, in one write', async () => {
    const state = await create('new');
    expect(state).toMatchObject({ name: 'new', count: 0, version: 0, createdAt: expect.any(Date) as Date });
    expect(await aggregates.find(String(state._id))).toEqual(state);
    const { event } = await stored(state._id);
    expect(parseEvent(CounterCreated, JSON.stringify(event))).toMatchObject({
      id: `${String(state._id)}.0`,
      source: '/tests',
      subject: String(state._id),
      traceparent: cause.traceparent,
      data: { version: 0, title: 'new', priceInCents: 1 },
    });
    expect((await writesSoFar()).map(({ operationType }) => operationType)).toEqual(['insert']);
  });

  test('changes its state, its version and its event in one write', async () => {
    const { _id } = await create('changing');
    const changed = await aggregates.change(String(_id), countOn(), newCause());
    expect(changed).toMatchObject({ name: 'changing', count: 1, version: 1 });
    const { event, ...state } = await stored(_id);
    expect(state).toEqual(changed);
    expect(event).toMatchObject({ type: 'ticket:updated', data: { version: 1, priceInCents: 2 } });

    const [, update, ...more] = await writesSoFar();
    expect(more).toEqual([]);
    expect((update as mongo.ChangeStreamUpdateDocument).updateDescription.updatedFields).toEqual({
      count: 1,
      version: 1,
      event,
    });
  });

  test('keeps the last event when a change announces nothing, and says nothing when it never did', async () => {
    const { _id } = await create('quiet');
    const { event } = await stored(_id);
    const decision = ({ count }: { count: number }) => ({ set: { count: count + 1 } });
    expect(await aggregates.change(String(_id), decision, cause)).toMatchObject({ count: 1, version: 1 });
    expect((await stored(_id))['event']).toEqual(event);

    const silent = await aggregates.create({ name: 'silent', count: 0 }, undefined, cause);
    expect(await stored(silent._id)).not.toHaveProperty('event');
  });

  test('hides its event from every ordinary read', async () => {
    const { _id } = await create('hiding');
    const { model } = aggregates;
    const reads = [
      await aggregates.find(String(_id)),
      await model.findById(_id).lean(),
      ...(await model.find({ name: 'hiding' }).lean()),
      await model
        .findOne({ _id }, { name: 1, event: 0 })
        .lean()
        .catch(() => ({})),
      (await model.findById(_id))?.toJSON(),
      await aggregates.change(String(_id), countOn(), cause),
    ];
    for (const read of reads) expect(JSON.stringify(read)).not.toContain('specversion');
    expect(await stored(_id)).toHaveProperty('event.specversion');
  });

  test('that a unique index refuses is not created, and announces nothing', async () => {
    await create('unique');
    const error: unknown = await create('unique').catch((caught: unknown) => caught);
    expect(isDuplicateKey(error)).toBe(true);
    expect(isDuplicateKey(refused)).toBe(false);
    expect(await writesSoFar()).toHaveLength(1);
  });
});

describe('A decision', () => {
  test('to do nothing leaves all as it is', async () => {
    const state = await create('left alone');
    const before = await stored(state._id);
    expect(await aggregates.change(String(state._id), () => undefined, cause)).toEqual(state);
    expect(await stored(state._id)).toEqual(before);
    expect(await writesSoFar()).toHaveLength(1);
  });

  test('that refuses changes nothing, and is heard by whoever asked', async () => {
    const { _id } = await create('refusing');
    const before = await stored(_id);
    const refuse = () => {
      throw refused;
    };
    await expect(aggregates.change(String(_id), refuse, cause)).rejects.toBe(refused);
    expect(await stored(_id)).toEqual(before);
    expect(await writesSoFar()).toHaveLength(1);
  });

  test('about an aggregate that is not there is not asked for', async () => {
    const decide = jest.fn(() => undefined);
    expect(await aggregates.change(newId(), decide, cause)).toBeUndefined();
    expect(decide).not.toHaveBeenCalled();
    expect(await aggregates.find(newId())).toBeUndefined();
  });
});

test('Fifty changes at once all count, each exactly once, and each has its own version and event', async () => {
  const { _id } = await create('crowded');
  const changes = await Promise.all(
    Array.from({ length: 50 }, () => aggregates.change(String(_id), countOn(CounterChanged), cause)),
  );
  const upTo50 = Array.from({ length: 50 }, (_, i) => i + 1);
  const sorted = (numbers: (number | undefined)[]) => numbers.map(Number).sort((a, b) => a - b);
  expect(sorted(changes.map((state) => state?.count))).toEqual(upTo50);
  expect(sorted(changes.map((state) => state?.version))).toEqual(upTo50);
  expect(await stored(_id)).toMatchObject({ count: 50, version: 50, event: { id: `${String(_id)}.50` } });
  expect(await writesSoFar()).toHaveLength(51);
});
