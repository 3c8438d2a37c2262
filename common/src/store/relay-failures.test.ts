// The relay when something fails it: the broker away, the bookmark lost, the database emptied.
import type { mongo } from 'mongoose';
import { newCause } from '../events';
import { createLogger } from '../process/logger';
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
let relay: Relay;

const create = async (name: string) => {
  const { _id } = await aggregates.create({ name, count: 0 }, CounterCreated, cause);
  return String(_id);
};
async function change(id: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await aggregates.change(id, countOn(), cause);
}
const versions = (name: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `${name} ${from + i}`);
const leases = () => database.connection.collection<mongo.Document>('relay');
const heard = (expected: string[]) =>
  eventually(() => {
    expect(publisher.heard()).toEqual(expected);
  });

beforeEach(async () => {
  database = new Database(testMongoUri('relay_failures'), createLogger('test', 'test', 'silent'));
  aggregates = counters(database.connection);
  publisher = new MemoryPublisher();
  await database.start();
  relay = relayOf(database, publisher);
  await begin(relay, database, publisher);
});
afterEach(async () => {
  await relay.stop();
  await database.stop();
});

describe('While the broker is away', () => {
  test('nothing is lost, and all is announced when it is back', async () => {
    const id = await create('one');
    await heard(['one 0']);
    publisher.goAway();
    await change(id, 20);
    expect(publisher.heard()).toEqual(['one 0']);
    publisher.comeBack();
    await heard(versions('one', 0, 20));
  });

  test('and back, and away again, each event is confirmed once at least, and the last of them last', async () => {
    let calls = 0;
    publisher.accepts = () => ++calls % 7 !== 0;
    const ids = await Promise.all(['a', 'b', 'c'].map(create));
    await Promise.all(ids.map((id) => change(id, 15)));
    for (const name of ['a', 'b', 'c']) {
      await eventually(() => {
        expect(publisher.heard().filter((each) => each.startsWith(name))).toEqual(versions(name, 0, 15));
      }, 20_000);
    }
    expect(calls).toBeGreaterThan(48);
  });

  test('the pause is short after each failure that follows a success', async () => {
    const id = await create('one');
    await heard(['one 0']);
    // One message, one failure, and so on twelve times: were the pauses to add up, they would last half a minute.
    let calls = 0;
    publisher.accepts = () => ++calls % 2 === 0;
    await change(id, 12);
    await heard(versions('one', 0, 12));
  });
});

describe('A bookmark', () => {
  /** A real one that has been made useless. */
  const spoilt = async (spoil: (token: string) => unknown): Promise<unknown> => {
    const lease = await eventually(async () => {
      const found = await leases().findOne({ token: { $exists: true } });
      expect(found).not.toBeNull();
      return found;
    });
    return spoil((lease?.['token'] as { _data: string })._data);
  };

  test.each<[string, (token: string) => unknown]>([
    ['older than the oplog', (token) => ({ _data: `82000000010000000${token.slice(17)}` })],
    ['cut short', (token) => ({ _data: token.slice(0, 30) })],
    ['no token', () => ({ _data: 'garbage' })],
    ['empty', () => ({})],
    ['a text', () => 'garbage'],
  ])('that is %s makes the relay announce the last event of every aggregate again', async (_what, spoil) => {
    const id = await create('one');
    await change(id, 2);
    await heard(versions('one', 0, 2));
    const token = await spoilt(spoil);
    await relay.stop();
    await create('two');
    await leases().updateOne({}, { $set: { token } });
    publisher.messages.length = 0;

    relay = relayOf(database, publisher);
    await relay.start();
    await heard(['one 2', 'two 0']);
    await change(id, 1);
    await heard(['one 2', 'two 0', 'one 3']);
    expect(await leases().findOne({})).not.toHaveProperty('token', token);
  });
});

test('A database that is dropped under the relay is followed again from its new beginning', async () => {
  await relay.stop();
  // A lease so long that nothing but the end of the stream can tell.
  relay = relayOf(database, publisher, { leaseMs: 60_000 });
  await relay.start();
  await create('old');
  await heard(['old 0']);
  await database.connection.dropDatabase();
  await create('new');
  await heard(['old 0', 'new 0']);
});
