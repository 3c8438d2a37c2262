// Two services and all that is between them: what one writes, the other has, whatever happens to the broker.
import { Schema, type Connection } from 'mongoose';
import { addEvents } from '../src/evented';
import { newCause } from '../src/events';
import { on } from '../src/broker';
import { createApp, Service } from '../src';
import { Replicas, Database, defineModel, type ReplicaState } from '../src/store';
import { eventually, newId, TestServer, testMongoUri } from '../src/testing';
import { CounterChanged, CounterCreated, counters, countOn } from '../src/testing/counter';
import { natsUrl } from './support/brokers';

interface Copy extends ReplicaState {
  title: string;
  priceInCents: number;
}

let server: TestServer;
let service: Service;
let copier: Service;
let database: Database;
let copies: ReturnType<typeof copiesOn>;
let aggregates: ReturnType<typeof counters>;
let failing = new Set<string>();

const copiesOn = (connection: Connection) =>
  defineModel<Copy>(
    connection,
    'Copy',
    new Schema<Copy>({ version: Number, title: String, priceInCents: Number }, { versionKey: false }),
    'copies',
  );

const build = (name: string): Service =>
  new Service({
    name,
    config: { PORT: 0, HOST: '127.0.0.1', INSTANCE_ID: `${name}-${newId()}`, LOG_LEVEL: 'silent' },
  });

/** A service that owns counters. */
function owner(): Service {
  const made = build('owner');
  database = new Database(testMongoUri('owner'), made.logger);
  aggregates = counters(database.connection);
  addEvents(made, { config, database, collections: ['counters'], listeners: [] });
  const { logger, metrics, health } = made;
  return made.serve(createApp({ logger, metrics, health, trustProxy: 'loopback', routes: {} }));
}
/** A service that copies them. */
function follower(): Service {
  const made = build('follower');
  const own = new Database(testMongoUri('follower'), made.logger);
  copies = copiesOn(own.connection);
  const copy = async ({ data: { id, version, title, priceInCents } }: { data: Copy & { id: string } }) => {
    if (failing.has(title)) throw new Error(`${title} cannot be copied`);
    await new Replicas(copies).applyIfNewer({ id, version, title, priceInCents });
  };
  addEvents(made, {
    config,
    database: own,
    collections: [],
    listeners: [CounterCreated, CounterChanged].map((contract) =>
      on(contract, (event) => copy(event as unknown as Parameters<typeof copy>[0])),
    ),
  });
  return made;
}
let config: { NATS_URL: string; NATS_CLUSTER_ID: string };

beforeAll(async () => {
  server = await TestServer.broker();
  config = { NATS_URL: natsUrl(server), NATS_CLUSTER_ID: 'ticketing' };
  service = owner();
  copier = follower();
  await Promise.all([service.start(), copier.start()]);
});
afterAll(async () => {
  await Promise.all([service.stop(), copier.stop()]);
  await server.stop();
});

const create = async (name: string): Promise<string> =>
  String((await aggregates.create({ name, count: 0 }, CounterCreated, newCause()))._id);
const change = async (id: string, times: number): Promise<void> => {
  for (let i = 0; i < times; i++) await aggregates.change(id, countOn(), newCause());
};
/** The copies agree with what they are copies of. */
const agree = () =>
  eventually(async () => {
    const owned = await aggregates.model.find().sort({ _id: 1 }).lean();
    const copied = await copies.find().sort({ _id: 1 }).lean<Copy[]>();
    expect(copied.map(({ _id, version, priceInCents }) => [String(_id), version, priceInCents])).toEqual(
      owned.map(({ _id, version, count }) => [String(_id), version, count + 1]),
    );
  }, 20_000);

test('What is written is copied', async () => {
  const ids = await Promise.all(['a', 'b', 'c'].map(create));
  await Promise.all(ids.map((id) => change(id, 5)));
  await agree();
  expect(await copies.countDocuments()).toBe(3);
});

test('What is written while the broker is killed, twice, is copied when it is back', async () => {
  const ids = await Promise.all(['d', 'e'].map(create));
  const ending = new AbortController();
  const writing = Promise.all(
    ids.map(async (id) => {
      while (!ending.signal.aborted) await change(id, 1);
    }),
  );
  for (let i = 0; i < 2; i++) {
    await server.kill();
    await eventually(() => {
      expect(service.health.report()).toMatchObject({
        isReady: true,
        checks: { broker: { isUp: false, isNeeded: false } },
      });
    });
    await create(`while away ${i}`);
    await server.start();
    await eventually(() => {
      expect(service.health.report().checks['broker']?.isUp).toBe(true);
    });
  }
  ending.abort();
  await writing;
  await agree();
});

test('What was set aside is seen by the command of the service, and replayed by it', async () => {
  // As it would be after five failures, which take their time; the event itself comes on its own too.
  const id = await create('poison');
  await agree();
  await copies.deleteOne({ _id: id });
  const stored = await database.connection.collection('counters').findOne({ name: 'poison' });
  await copies.db.collection<{ _id: string }>('set_aside').insertOne({
    _id: 'ticket:created/1',
    channel: 'ticket:created',
    data: JSON.stringify(stored?.['event']),
    reason: 'no room',
    attempts: 5,
    setAsideAt: new Date(),
  } as { _id: string });
  const command = copier.commands.get('set-aside');
  if (!command) throw new Error('There is no command set-aside.');
  expect(command.needs).toEqual(['database']);
  expect(await command.run(['list'])).toMatch(/^ticket:created\/1\t.*"no room"\n.*\n1 set aside$/);

  failing = new Set(['poison']);
  expect(await command.run(['replay'])).toContain('failed again: poison cannot be copied');
  failing.clear();
  expect(await command.run(['replay'])).toBe('ticket:created/1\thandled\n0 set aside');
  await agree();
});
