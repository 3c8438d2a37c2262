import { createLogger } from '../process/logger';
import { Database } from '../store';
import { eventually } from '../testing/eventually';
import { testMongoUri } from '../testing/servers';
import { newId } from '../testing/session';
import { EndedSessions } from './ended-sessions';

const logger = createLogger('test', 'test', 'silent');
const uri = testMongoUri('sessions');
const stops: (() => Promise<void>)[] = [];

/** A replica as it is after its start. */
async function replica(): Promise<EndedSessions> {
  const database = new Database(uri, logger);
  const ended = new EndedSessions(database.connection, logger);
  await database.start();
  await ended.start();
  stops.push(async () => {
    await ended.stop();
    await database.stop();
  });
  return ended;
}
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();
const signOut = (userId: string, sessionId: string, until = inAnHour()) => ({
  ...{ id: sessionId, version: 0, userId, sessionId, epoch: 0, until },
});
const newEpoch = (userId: string, epoch: number, until = inAnHour()) => ({
  ...{ id: userId, version: epoch, userId, sessionId: null, epoch, until },
});
const session = (userId: string, id = newId(), epoch = 0) => ({
  id,
  userId,
  epoch,
  exp: Date.now() / 1000 + 60,
});

test('one session ends, and no other of its person; known at once here, within two seconds elsewhere, and after a restart', async () => {
  const [here, there] = [await replica(), await replica()];
  const [userId, mine] = [newId(), newId()];
  await here.end(signOut(userId, mine));
  expect(here.isEnded(session(userId, mine))).toBe(true);
  expect(here.isEnded(session(userId))).toBe(false);
  await eventually(() => {
    expect(there.isEnded(session(userId, mine))).toBe(true);
  }, 2000);
  expect((await replica()).isEnded(session(userId, mine))).toBe(true);
});

test('all sessions of a lower epoch end, in whatever order and however often that is heard', async () => {
  const [here, there] = [await replica(), await replica()];
  const userId = newId();
  for (const epoch of [2, 1, 3, 3, 2]) await here.end(newEpoch(userId, epoch));
  const epochs = (ended: EndedSessions) =>
    [0, 1, 2, 3, 4].map((epoch) => ended.isEnded(session(userId, newId(), epoch)));
  const expected = [true, true, true, false, false];
  expect(epochs(here)).toEqual(expected);
  await eventually(() => {
    expect(epochs(there)).toEqual(expected);
  }, 2000);
  expect(epochs(await replica())).toEqual(expected);
  expect(here.isEnded(session(newId()))).toBe(false);
});

test('many ends at once, at two replicas, are all known at both', async () => {
  const [here, there] = [await replica(), await replica()];
  const userId = newId();
  const ids = Array.from({ length: 200 }, () => newId());
  await Promise.all(ids.map((id, i) => (i % 2 ? here : there).end(signOut(userId, id))));
  await eventually(() => {
    for (const ended of [here, there]) {
      expect(ids.filter((id) => !ended.isEnded(session(userId, id)))).toEqual([]);
    }
  }, 3000);
});

test('nothing in an event is taken for a command of the database', async () => {
  const here = await replica();
  const userId = newId();
  await here.end(signOut(userId, '$$NOW'));
  await here.end(signOut(userId, '$userId'));
  const there = await replica();
  expect(there.isEnded(session(userId, '$$NOW'))).toBe(true);
  expect(there.isEnded(session(userId, '$userId'))).toBe(true);
  expect(there.isEnded(session(userId, userId))).toBe(false);
});
