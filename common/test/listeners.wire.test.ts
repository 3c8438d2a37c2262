// What becomes of events at the real broker when their listener succeeds, fails, or is stopped.
import { createLogger, Unavailable } from '../src/process';
import { Database, MongoSetAside } from '../src/store';
import { eventually, newId, TestServer, testMongoUri } from '../src/testing';
import { closeConnections, connectionTo } from './support/brokers';
import { member, stopMembers, thing, thingHappened } from './support/listening';

const database = new Database(testMongoUri('listeners'), createLogger('test', 'test', 'silent'));
const setAside = new MongoSetAside(database.connection);
let server: TestServer;
let contract: ReturnType<typeof thingHappened>;

/** Says messages as they are, well-formed or not. */
async function say(...messages: string[]): Promise<void> {
  const broker = await connectionTo(server);
  for (const message of messages) await broker.publish(contract.type, message);
}
/** A handler that remembers what it was given, and fails where it is told to. */
function remembering(fails: (name: string, times: number) => Error | undefined = () => undefined) {
  const given: string[] = [];
  const handle = (name: string): Promise<void> => {
    given.push(name);
    const error = fails(name, given.filter((each) => each === name).length);
    return error ? Promise.reject(error) : Promise.resolve();
  };
  return { given, handle };
}
/** Stops the members of the group and starts another: it is given at once whatever they have not acknowledged. */
async function replaceBy(handle: (name: string) => Promise<unknown>): Promise<void> {
  await stopMembers();
  await closeConnections();
  await member(server, setAside, contract, handle);
}

beforeAll(async () => {
  [server] = await Promise.all([TestServer.broker(), database.start()]);
});
beforeEach(async () => {
  contract = thingHappened();
  await database.connection.collection('set_aside').deleteMany();
});
afterEach(async () => {
  await stopMembers();
  await closeConnections();
});
afterAll(() => Promise.all([server.stop(), database.stop()]));

describe('An event', () => {
  test('that is handled is done with: no member of the group is given it again', async () => {
    const { given, handle } = remembering();
    const { metrics } = await member(server, setAside, contract, handle);
    await say(thing(contract, 'one'), thing(contract, 'two'));
    await eventually(() => {
      expect(given).toEqual(['one', 'two']);
    });
    await replaceBy(handle);
    await say(thing(contract, 'three'));
    await eventually(() => {
      expect(given).toEqual(['one', 'two', 'three']);
    });
    const outcomes = await metrics.registry.getSingleMetricAsString('events_received_total');
    expect(outcomes).toContain(`{channel="${contract.type}",outcome="handled",service="things"} 2`);
  });

  test('whose listener fails comes again until it is handled, and holds up no other', async () => {
    const { given, handle } = remembering((name, times) =>
      name === 'shaky' && times < 3 ? new Error('not yet') : undefined,
    );
    await member(server, setAside, contract, handle, { maxAttempts: 5 });
    await say(thing(contract, 'shaky'), thing(contract, 'calm'));
    await eventually(() => {
      expect(given).toEqual(['shaky', 'calm', 'shaky', 'shaky']);
    });
    expect(await setAside.count()).toBe(0);
  });

  test('that fails as often as it may is set aside with its reason, and is given to nobody again', async () => {
    const { given, handle } = remembering((name) =>
      name === 'poison' ? new Error('no such thing') : undefined,
    );
    const { metrics } = await member(server, setAside, contract, handle);
    const poison = thing(contract, 'poison');
    await say(poison, ...Array.from({ length: 20 }, (_, i) => thing(contract, `thing ${i}`)));
    await eventually(async () => {
      expect(await setAside.list(10)).toEqual([
        {
          id: `${contract.type}/1`,
          channel: contract.type,
          data: poison,
          reason: 'no such thing',
          attempts: 3,
          setAsideAt: expect.any(Date) as Date,
        },
      ]);
    });
    await eventually(async () => {
      const outcomes = await metrics.registry.getSingleMetricAsString('events_received_total');
      expect(outcomes).toContain(`outcome="failed",service="things"} 2`);
      expect(outcomes).toContain(`outcome="set_aside",service="things"} 1`);
      const gauge = await metrics.registry.getSingleMetricAsString('set_aside_messages');
      expect(gauge).toContain('set_aside_messages{service="things"} 1');
    });

    const next = remembering();
    await replaceBy(next.handle);
    await say(thing(contract, 'next'));
    await eventually(() => {
      expect(next.given).toEqual(['next']);
    });
    expect(given.filter((name) => name === 'poison')).toHaveLength(3);
    expect(given).toHaveLength(23);
  });

  test('that is malformed is set aside at once, without its listener', async () => {
    const { given, handle } = remembering();
    await member(server, setAside, contract, handle);
    const malformed = ['no JSON', '{}', thing(contract, 'renamed').replace('"name"', '"title"')];
    await say(...malformed, thing(contract, 'good'));
    await eventually(async () => {
      const found = await setAside.list(10);
      expect(found.map(({ data, attempts }) => [data, attempts])).toEqual(malformed.map((data) => [data, 1]));
      expect(found.map(({ reason }) => reason)).toEqual([
        'The message is not JSON.',
        expect.stringContaining('at specversion'),
        expect.stringContaining('at data.name'),
      ]);
    });
    await eventually(() => {
      expect(given).toEqual(['good']);
    });
  });

  test('that fails because a server is away is never set aside, however often', async () => {
    const { given, handle } = remembering((_name, times) =>
      times < 5 ? new Unavailable('the database is away') : undefined,
    );
    await member(server, setAside, contract, handle, { maxAttempts: 2 });
    await say(thing(contract, 'patient'));
    await eventually(() => {
      expect(given).toHaveLength(5);
    });
    expect(await setAside.count()).toBe(0);
  });

  test('that could not be set aside comes again until it can', async () => {
    let isAway = true;
    const shaky = Object.assign(Object.create(setAside) as MongoSetAside, {
      add: (message: Parameters<MongoSetAside['add']>[0]) =>
        isAway ? Promise.reject(new Unavailable('away')) : setAside.add(message),
    });
    const { given, handle } = remembering(() => new Error('poison'));
    await member(server, shaky, contract, handle, { maxAttempts: 1 });
    await say(thing(contract, 'poison'));
    await eventually(() => {
      expect(given).toHaveLength(2);
    });
    expect(await setAside.count()).toBe(0);
    isAway = false;
    await eventually(async () => {
      expect(await setAside.list(10)).toMatchObject([{ reason: 'poison', attempts: given.length }]);
    });
  });
});

describe('A member of a group', () => {
  test('shares the work with the others: each event is handled by one of them', async () => {
    const [first, second] = [remembering(), remembering()];
    await member(server, setAside, contract, first.handle, { ackWaitSeconds: 10 });
    await member(server, setAside, contract, second.handle, { ackWaitSeconds: 10 });
    let said = 0;
    await eventually(async () => {
      await say(...Array.from({ length: 10 }, () => thing(contract, `thing ${said++}`)));
      expect(Math.min(first.given.length, second.given.length)).toBeGreaterThan(3);
    });
    await eventually(() => {
      const all = [...first.given, ...second.given];
      expect(all).toHaveLength(said);
      expect(new Set(all).size).toBe(said);
    });
  });

  test('that stops lets what is under way finish and acknowledges it, and takes nothing new', async () => {
    let finish = (): void => undefined;
    const given: string[] = [];
    const slow = (name: string): Promise<void> => {
      given.push(name);
      return new Promise((resolve) => (finish = resolve));
    };
    const { listeners } = await member(server, setAside, contract, slow, { ackWaitSeconds: 60 });
    await say(thing(contract, 'slow'));
    await eventually(() => {
      expect(given).toEqual(['slow']);
    });
    let isStopped = false;
    const stopped = listeners.stop().then(() => (isStopped = true));
    await say(thing(contract, 'new'));
    expect(isStopped).toBe(false);
    finish();
    await stopped;

    const next = remembering();
    await replaceBy(next.handle);
    await say(thing(contract, 'last'));
    await eventually(() => {
      expect([...next.given].sort()).toEqual(['last', 'new']);
    });
    expect(given).toEqual(['slow']);
  });

  test('hands a message that was set aside to its listener again, and says when nothing listens', async () => {
    const { given, handle } = remembering((_name, times) => (times === 1 ? new Error('not yet') : undefined));
    const { listeners } = await member(server, setAside, contract, handle, { maxAttempts: 1 });
    await say(thing(contract, 'late'));
    const [message] = await eventually(async () => {
      const found = await setAside.list(10);
      expect(found).toHaveLength(1);
      return found;
    });
    if (!message) throw new Error('Nothing was set aside.');
    await listeners.replay(message);
    expect(given).toEqual(['late', 'late']);
    await expect(listeners.replay({ ...message, channel: `other-${newId()}` })).rejects.toThrow(
      'Nothing listens',
    );
  });
});
