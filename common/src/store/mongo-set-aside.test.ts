import type { SetAsideMessage } from '../broker/set-aside';
import { createLogger } from '../process/logger';
import { testMongoUri } from '../testing/servers';
import { Database } from './database';
import { MongoSetAside } from './mongo-set-aside';

const database = new Database(testMongoUri('set_aside'), createLogger('test', 'test', 'silent'));
const setAside = new MongoSetAside(database.connection);

const message = (sequence: number, given: Partial<SetAsideMessage> = {}): SetAsideMessage => ({
  id: `order:created/${sequence}`,
  channel: 'order:created',
  data: `{"id":"${sequence}"}`,
  reason: 'no such ticket',
  attempts: 5,
  setAsideAt: new Date(1_700_000_000_000 + sequence),
  ...given,
});

beforeAll(() => database.start());
beforeEach(() => database.connection.collection('set_aside').deleteMany());
afterAll(() => database.stop());

describe('What was set aside in MongoDB', () => {
  test('is found as it came, whatever it was', async () => {
    const strange = message(1, { data: '\u0000 no JSON {$gt:1} ü', reason: '' });
    await setAside.add(strange);
    await setAside.add(message(2, { data: '' }));
    expect(await setAside.find(strange.id)).toEqual(strange);
    expect(await setAside.find('order:created/2')).toEqual(message(2, { data: '' }));
    expect(await setAside.find('order:created/3')).toBeUndefined();
  });

  test('is listed oldest first, as many as are asked for', async () => {
    for (const sequence of [3, 1, 2]) await setAside.add(message(sequence));
    expect(await setAside.list(10)).toEqual([message(1), message(2), message(3)]);
    expect(await setAside.list(2)).toEqual([message(1), message(2)]);
    expect(await setAside.count()).toBe(3);
  });

  test('is not changed by being set aside again, also at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => setAside.add(message(1))));
    await setAside.add(message(1, { reason: 'another', attempts: 9 }));
    expect(await setAside.list(10)).toEqual([message(1)]);
  });

  test('is gone when it is removed, and removing it again does nothing', async () => {
    await setAside.add(message(1));
    await setAside.add(message(2));
    await setAside.remove('order:created/1');
    await setAside.remove('order:created/1');
    expect(await setAside.list(10)).toEqual([message(2)]);
    expect(await setAside.count()).toBe(1);
  });
});
