import { createServer, type Server } from 'node:net';
import { Schema } from 'mongoose';
import { createLogger } from '../process/logger';
import { isUnavailable } from '../process/unavailable';
import { eventually } from '../testing/eventually';
import { testMongoUri } from '../testing/servers';
import { Database, isDuplicateKey } from './database';
import { defineModel } from './model';

const logger = createLogger('test', 'test', 'silent');

describe('A database', () => {
  test('has its unique indexes before anybody can write to it', async () => {
    const database = new Database(testMongoUri('database'), logger);
    const schema = new Schema<{ email: string }>({ email: { type: String, unique: true } });
    const people = defineModel(database.connection, 'Person', schema, 'people');
    expect(database.isUp()).toBe(false);
    await database.start();
    expect(database.isUp()).toBe(true);
    const created = await Promise.allSettled(
      Array.from({ length: 10 }, () => people.create({ email: 'anna' })),
    );
    const refused = created.filter((each) => each.status === 'rejected');
    expect(refused).toHaveLength(9);
    for (const { reason } of refused) expect(isDuplicateKey(reason)).toBe(true);
    await database.stop();
    expect(database.isUp()).toBe(false);
  });

  test('that gives up a query for want of time is busy, and the query not wrong', async () => {
    const database = new Database(testMongoUri('database'), logger);
    const things = defineModel(
      database.connection,
      'Thing',
      new Schema<{ name: string }>({ name: String }),
      'things',
    );
    await database.start();
    await things.insertMany(Array.from({ length: 50 }, () => ({ name: 'x' })));
    const slow = things.find({ $where: 'sleep(20) || true' }).maxTimeMS(50).lean().exec();
    const failed: unknown = await slow.catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'MongoServerError', code: 50 });
    expect(isUnavailable(failed)).toBe(true);
    const wrong: unknown = await things.collection
      .find({ $no: 1 })
      .toArray()
      .catch((error: unknown) => error);
    expect(wrong).toMatchObject({ name: 'MongoServerError' });
    expect(isUnavailable(wrong)).toBe(false);
    await database.stop();
  });

  test('creates what its models ask for, and nothing else', async () => {
    const database = new Database(testMongoUri('database'), logger);
    const indexed = new Schema<{ name: string }>({ name: { type: String, index: true } });
    defineModel(database.connection, 'Indexed', indexed, 'indexed');
    defineModel(database.connection, 'Plain', new Schema<{ name: string }>({ name: String }), 'plain');
    await database.start();
    const names = (await database.connection.listCollections()).map(({ name }) => name);
    expect(names).toEqual(['indexed']);
    await database.stop();
  });

  test('that is stopped refuses at once, instead of keeping whoever asks waiting', async () => {
    const database = new Database(testMongoUri('database'), logger);
    const things = defineModel(database.connection, 'Thing', new Schema<{ name: string }>({}), 'things');
    await database.start();
    await database.stop();
    const startedAt = Date.now();
    const error: unknown = await things
      .findOne()
      .lean()
      .catch((caught: unknown) => caught);
    expect(isUnavailable(error)).toBe(true);
    expect(Date.now() - startedAt).toBeLessThan(1000);
  });

  test('that is closed under a running service is a server that is away', async () => {
    const database = new Database(testMongoUri('database'), logger);
    const things = defineModel(database.connection, 'Thing', new Schema<{ name: string }>({}), 'things');
    await database.start();
    await database.connection.getClient().close();
    const error: unknown = await things
      .findOne()
      .lean()
      .catch((caught: unknown) => caught);
    expect([isUnavailable(error), (error as Error).name]).toEqual([true, (error as Error).name]);
    await database.stop();
  });
});

describe('A database that is away', () => {
  let away: Server;
  afterEach(() => away.close());

  test('is waited for, until the service is stopped', async () => {
    // It takes connections and hangs up: a server that is only just starting.
    away = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    const { port } = await eventually(() => {
      const address = away.address();
      if (!address || typeof address === 'string') throw new Error('Not listening yet.');
      return address;
    });
    const database = new Database(`mongodb://127.0.0.1:${port}/none`, logger);
    const started = database.start().then(
      () => 'started',
      (error: unknown) => String(error),
    );
    const stoppedAt = Date.now();
    await database.stop();
    expect(await started).toContain('MongoDB cannot be reached');
    expect(Date.now() - stoppedAt).toBeLessThan(7000);
  });
});
