// Two replicas of a service: one relays, the other stands by.
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

const leaseMs = 1500;
const cause = newCause();

/** A replica of the service: a connection, a relay and a broker of its own, to tell who published what. */
class Replica {
  readonly publisher = new MemoryPublisher();
  readonly metrics = new Metrics('test');
  readonly database: Database;
  readonly relay: Relay;

  constructor(uri: string, name: string) {
    this.database = new Database(uri, createLogger('test', name, 'silent'));
    this.relay = relayOf(this.database, this.publisher, { instance: name, leaseMs, metrics: this.metrics });
  }

  async start(): Promise<this> {
    await this.database.start();
    await this.relay.start();
    return this;
  }

  async begin(): Promise<this> {
    await this.database.start();
    await begin(this.relay, this.database, this.publisher);
    return this;
  }

  async isLeading(): Promise<boolean> {
    return (await this.metrics.registry.metrics()).includes('relay_is_leading{service="test"} 1');
  }

  async stop(): Promise<void> {
    await this.relay.stop();
    await this.database.stop();
  }
}

let uri: string;
let writer: Database;
let aggregates: ReturnType<typeof counters>;
let first: Replica;
let second: Replica;

const versions = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `one ${from + i}`);
const write = async (times: number): Promise<void> => {
  const one = await aggregates.model.findOne({ name: 'one' }).lean();
  if (!one) await aggregates.create({ name: 'one', count: 0 }, CounterCreated, cause);
  else for (let i = 0; i < times; i++) await aggregates.change(String(one._id), countOn(), cause);
};
const hears = (replica: Replica, expected: string[]) =>
  eventually(() => {
    expect(replica.publisher.heard()).toEqual(expected);
  });
const lease = () => writer.connection.collection<mongo.Document>('relay');

beforeEach(async () => {
  uri = testMongoUri('standby');
  writer = new Database(uri, createLogger('test', 'test', 'silent'));
  aggregates = counters(writer.connection);
  await writer.start();
  first = await new Replica(uri, 'first').begin();
  await write(1);
  await hears(first, ['one 0']);
  second = await new Replica(uri, 'second').start();
});
afterEach(async () => {
  await Promise.all([first.stop(), second.stop()]);
  await writer.stop();
});

describe('Of two relays', () => {
  test('one leads and publishes, the other stands by', async () => {
    await write(20);
    await hears(first, versions(0, 20));
    expect([await first.isLeading(), await second.isLeading()]).toEqual([true, false]);
    expect(second.publisher.messages).toEqual([]);
  });

  test('the other takes over when the first has stopped, from its bookmark', async () => {
    await write(5);
    await hears(first, versions(0, 5));
    await first.stop();
    await write(5);
    await hears(second, versions(6, 10));
    expect(await second.isLeading()).toBe(true);
  });

  test('the other takes over when the first is gone without a word, and nothing is missed', async () => {
    await write(5);
    await hears(first, versions(0, 5));
    // Cut off from the database it can neither read nor renew nor release, as if it had been killed.
    await first.database.connection.close();
    await write(10);
    await eventually(() => {
      expect(second.publisher.heard().slice(-10)).toEqual(versions(6, 15));
    });
    expect(await second.isLeading()).toBe(true);
    expect(await first.isLeading()).toBe(false);
    expect(first.publisher.heard().slice(6)).toEqual([]);
  });

  test("the first ceases to publish when its lease is another's", async () => {
    await lease().updateOne({}, { $set: { holder: 'third', expiresAt: new Date(Date.now() + 60_000) } });
    await eventually(async () => {
      expect(await first.isLeading()).toBe(false);
    });
    const before = first.publisher.messages.length;
    await write(5);
    await lease().updateOne({}, { $set: { holder: '', expiresAt: new Date(0) } });
    await eventually(() => {
      const heard = [...first.publisher.heard().slice(before), ...second.publisher.heard()];
      expect(heard.slice(-5)).toEqual(versions(1, 5));
    });
    expect(Number(await first.isLeading()) + Number(await second.isLeading())).toBe(1);
  });

  test('every event is published by one or the other while they change places again and again', async () => {
    const replicas = [first, second];
    const ending = new AbortController();
    let count = 0;
    const writing = (async () => {
      for (; !ending.signal.aborted; count++) await write(1);
    })();
    for (const name of ['third', 'fourth', 'fifth']) {
      await first.stop();
      await eventually(async () => {
        expect(await second.isLeading()).toBe(true);
      });
      first = second;
      second = await new Replica(uri, name).start();
      replicas.push(second);
    }
    ending.abort();
    await writing;
    await eventually(() => {
      const heard = new Set(replicas.flatMap(({ publisher }) => publisher.heard()));
      expect(versions(0, count).filter((each) => !heard.has(each))).toEqual([]);
    });
    expect(replicas.filter(({ publisher }) => publisher.messages.length > 0).length).toBeGreaterThan(2);
  });
});
