// The relay against the real database, with a broker that does as the test wants.
import type { mongo } from 'mongoose';
import { newCause } from '../events';
import { createLogger } from '../process/logger';
import { Metrics } from '../process/metrics';
import { countOn, CounterCreated, counters } from '../testing/counter';
import { eventually } from '../testing/eventually';
import { begin, MemoryPublisher, relayOf } from '../testing/relaying';
import { testMongoUri } from '../testing/servers';
import { Database } from './database';
import type { Relay } from './relay';

const cause = newCause();
let database: Database;
let aggregates: ReturnType<typeof counters>;
let publisher: MemoryPublisher;
const running: Relay[] = [];

const create = async (name: string) => {
  const { _id } = await aggregates.create({ name, count: 0 }, CounterCreated, cause);
  return String(_id);
};
/** Changes an aggregate so often, one time after the other. */
async function change(id: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await aggregates.change(id, countOn(), cause);
}
const versions = (name: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `${name} ${from + i}`);
const collection = (name: string) => database.connection.collection<mongo.Document>(name);

async function start(): Promise<Relay> {
  const relay = relayOf(database, publisher);
  running.push(relay);
  await relay.start();
  return relay;
}
/** A relay that has left its beginning behind: what comes now it publishes once. */
async function relaying(metrics = new Metrics('test')): Promise<Relay> {
  const relay = relayOf(database, publisher, { metrics });
  running.push(relay);
  await begin(relay, database, publisher);
  return relay;
}

beforeEach(async () => {
  database = new Database(testMongoUri('relay'), createLogger('test', 'test', 'silent'));
  aggregates = counters(database.connection);
  publisher = new MemoryPublisher();
  await database.start();
});
afterEach(async () => {
  for (const relay of running.splice(0)) await relay.stop();
  await database.stop();
});

describe('The relay', () => {
  test('publishes what is created and changed, in order, each event whole as it was written', async () => {
    const metrics = new Metrics('test');
    await relaying(metrics);
    const written: unknown[] = [];
    const id = await create('one');
    const other = await create('two');
    for (const each of [id, id, other, id]) {
      await change(each, 1);
      written.push(await aggregates.model.findById(each).select('+event').lean());
    }
    const expected = ['one 0', 'two 0', 'one 1', 'one 2', 'two 1', 'one 3'];
    await eventually(() => {
      expect(publisher.heardRaw()).toEqual(expected);
    });
    const events = written.map((state) => (state as { event: unknown }).event);
    expect(publisher.messages.slice(2).map(({ data }) => JSON.parse(data) as unknown)).toEqual(events);
    expect(publisher.messages.map(({ channel }) => channel)).toEqual([
      'ticket:created',
      'ticket:created',
      ...Array<string>(4).fill('ticket:updated'),
    ]);
    expect(await metrics.registry.getSingleMetricAsString('relay_published_total')).toContain(
      '{channel="ticket:updated",service="test"} 4',
    );
  });

  test('says nothing of writes without an event, of other collections, of what is deleted', async () => {
    await relaying();
    const quiet = await aggregates.create({ name: 'quiet', count: 0 }, undefined, cause);
    await aggregates.change(String(quiet._id), ({ count }) => ({ set: { count: count + 1 } }), cause);
    const id = await create('loud');
    await aggregates.change(id, ({ count }) => ({ set: { count: count + 1 } }), cause);
    await collection('counters').updateOne({ name: 'loud' }, { $set: { count: 17 }, $unset: { event: '' } });
    await collection('counters').deleteOne({ name: 'loud' });
    await collection('others').insertOne({ name: 'other', event: { type: 'other', data: {} } });
    await create('end');
    await eventually(() => {
      expect(publisher.heardRaw()).toEqual(['loud 0', 'end 0']);
    });
  });

  test('publishes an event that is written by replacing the document', async () => {
    await relaying();
    await create('one');
    const found = await collection('counters').findOne({ name: 'one' });
    await collection('counters').replaceOne(
      { name: 'one' },
      { name: 'two', event: found?.['event'] as object },
    );
    await eventually(() => {
      expect(publisher.heardRaw()).toEqual(['one 0', 'one 0']);
    });
  });

  test('announces what was written before there was any relay', async () => {
    const id = await create('early');
    await change(id, 2);
    await aggregates.create({ name: 'quiet', count: 0 }, undefined, cause);
    await start();
    await eventually(() => {
      expect(publisher.heard()).toEqual(['early 2']);
    });
  });

  test('goes on from its bookmark after a stop, missing nothing and repeating nothing', async () => {
    const relay = await relaying();
    const id = await create('one');
    await change(id, 5);
    await eventually(() => {
      expect(publisher.heardRaw()).toEqual(versions('one', 0, 5));
    });
    await relay.stop();
    await change(id, 5);
    await start();
    await change(id, 5);
    await eventually(() => {
      expect(publisher.heardRaw()).toEqual(versions('one', 0, 15));
    });
  });

  test('that is stopped in the middle of a stream of writes goes on without a gap', async () => {
    let relay = await relaying();
    const ids = await Promise.all(['a', 'b', 'c', 'd'].map(create));
    const writing = Promise.all(ids.map((id) => change(id, 25)));
    for (const heard of [20, 50, 80]) {
      await eventually(() => {
        expect(publisher.messages.length).toBeGreaterThan(heard);
      });
      await relay.stop();
      relay = await start();
    }
    await writing;
    for (const name of ['a', 'b', 'c', 'd']) {
      await eventually(() => {
        expect(publisher.heard().filter((each) => each.startsWith(name))).toEqual(versions(name, 0, 25));
      });
    }
  });

  test('stops at once though it has only just begun, or the broker is away', async () => {
    const relay = await start();
    await relay.stop();
    publisher.goAway();
    const again = await start();
    await eventually(async () => {
      expect((await collection('relay').findOne({}))?.['holder']).toBe('a');
    });
    await again.stop();
    expect(await collection('relay').findOne({})).toMatchObject({ holder: '', expiresAt: new Date(0) });
  });
});
