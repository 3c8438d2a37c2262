import { createLogger } from '../process/logger';
import { eventually } from '../testing/eventually';
import { testMongoUri } from '../testing/servers';
import { Database } from './database';
import { Lease } from './lease';

const database = new Database(testMongoUri('lease'), createLogger('test', 'test', 'silent'));
const collection = () =>
  database.connection.collection('relay') as unknown as ConstructorParameters<typeof Lease>[0];
const leaseOf = (holder: string, ttlMs = 60_000): Lease => new Lease(collection(), holder, ttlMs);
const token = (place: string) => ({ _data: place });

beforeAll(() => database.start());
beforeEach(() => collection().deleteMany());
afterAll(() => database.stop());

describe('The lease', () => {
  test('is had by whoever comes first, with no bookmark at the very beginning', async () => {
    expect(await leaseOf('a').acquire()).toEqual({ token: undefined });
    expect(await leaseOf('b').acquire()).toBe(false);
  });

  test('of twenty who come at once is had by one', async () => {
    const held = await Promise.all(Array.from({ length: 20 }, (_, i) => leaseOf(`replica-${i}`).acquire()));
    expect(held.filter((each) => each !== false)).toHaveLength(1);
    expect(await collection().countDocuments()).toBe(1);
  });

  test('is not prolonged by others asking for it', async () => {
    await leaseOf('a').acquire();
    const before = await collection().findOne();
    await leaseOf('b').acquire();
    expect(await collection().findOne()).toEqual(before);
  });

  test("is one's own again at once, with the bookmark: a replica that restarts goes on", async () => {
    const before = leaseOf('a');
    await before.acquire();
    await before.renew(token('17'));
    expect(await leaseOf('a').acquire()).toEqual({ token: token('17') });
  });

  test('passes to another once it has expired by the clock of the database, with the bookmark', async () => {
    const first = leaseOf('a', 100);
    await first.acquire();
    await first.renew(token('17'));
    const held = await eventually(async () => {
      const attempt = await leaseOf('b').acquire();
      expect(attempt).not.toBe(false);
      return attempt;
    });
    expect(held).toEqual({ token: token('17') });
    expect(await first.renew(token('18'))).toBe(false);
    expect(await leaseOf('a').acquire()).toBe(false);
    expect(await leaseOf('b').acquire()).toEqual({ token: token('17') });
  });

  test('that is renewed ends later', async () => {
    const lease = leaseOf('a');
    await lease.acquire();
    const before = await collection().findOne();
    await eventually(async () => {
      expect(await lease.renew(undefined)).toBe(true);
      expect((await collection().findOne())?.expiresAt.getTime()).toBeGreaterThan(Number(before?.expiresAt));
    });
  });

  test('keeps its bookmark when it is renewed without a new one', async () => {
    const lease = leaseOf('a');
    await lease.acquire();
    await lease.renew(token('17'));
    await lease.renew(undefined);
    expect(await lease.acquire()).toEqual({ token: token('17') });
  });

  test('keeps a bookmark as it is, though it looks like an expression', async () => {
    const lease = leaseOf('a');
    await lease.acquire();
    const strange = { _data: '$holder', nested: { $add: [1, 2] } };
    await lease.renew(strange);
    expect(await lease.acquire()).toEqual({ token: strange });
  });

  test('that is released is free at once, with the bookmark', async () => {
    const lease = leaseOf('a');
    await lease.acquire();
    await lease.renew(token('17'));
    await lease.release();
    expect(await lease.renew(undefined)).toBe(false);
    expect(await leaseOf('b').acquire()).toEqual({ token: token('17') });
  });

  test('is released and forgotten only by its holder', async () => {
    const lease = leaseOf('a');
    await lease.acquire();
    await lease.renew(token('17'));
    await leaseOf('b').release();
    await leaseOf('b').forget();
    expect(await leaseOf('b').acquire()).toBe(false);
    expect(await lease.acquire()).toEqual({ token: token('17') });
  });

  test('whose bookmark is forgotten begins anew', async () => {
    const lease = leaseOf('a');
    await lease.acquire();
    await lease.renew(token('17'));
    await lease.forget();
    expect(await lease.acquire()).toEqual({ token: undefined });
  });
});
