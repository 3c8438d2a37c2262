import { createServer, type Server } from 'node:net';
import { Schema } from 'mongoose';
import { pino } from 'pino';
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

  test('that is not connected refuses at once, instead of keeping whoever asks waiting', async () => {
    const database = new Database(testMongoUri('database'), logger);
    const things = defineModel(database.connection, 'Thing', new Schema<{ name: string }>({}), 'things');
    const startedAt = Date.now();
    await expect(things.findOne().lean()).rejects.toThrow('bufferCommands');
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
    const lines: string[] = [];
    const telling = pino({}, { write: (line: string) => void lines.push(line) });
    const database = new Database(`mongodb://127.0.0.1:${port}/none?serverSelectionTimeoutMS=100`, telling);
    const started = database.start().then(
      () => 'started',
      (error: unknown) => String(error),
    );
    await eventually(() => {
      expect(lines.filter((line) => line.includes('waiting for MongoDB')).length).toBeGreaterThan(0);
    }, 20_000);
    const stoppedAt = Date.now();
    await database.stop();
    expect(await started).toContain('MongoDB cannot be reached');
    expect(Date.now() - stoppedAt).toBeLessThan(7000);
  });
});
