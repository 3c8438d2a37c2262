import { setAsideCommand, type SetAside, type SetAsideMessage } from './set-aside';

/** In memory; MongoSetAside, which services use, has tests of its own. */
class MemorySetAside implements SetAside {
  readonly kept = new Map<string, SetAsideMessage>();

  add(message: SetAsideMessage): Promise<void> {
    if (!this.kept.has(message.id)) this.kept.set(message.id, message);
    return Promise.resolve();
  }
  list(limit: number): Promise<SetAsideMessage[]> {
    const oldestFirst = [...this.kept.values()].sort((a, b) => Number(a.setAsideAt) - Number(b.setAsideAt));
    return Promise.resolve(oldestFirst.slice(0, limit));
  }
  find(id: string): Promise<SetAsideMessage | undefined> {
    return Promise.resolve(this.kept.get(id));
  }
  remove(id: string): Promise<void> {
    this.kept.delete(id);
    return Promise.resolve();
  }
  count(): Promise<number> {
    return Promise.resolve(this.kept.size);
  }
}

const message = (sequence: number): SetAsideMessage => ({
  id: `order:created/${sequence}`,
  channel: 'order:created',
  data: `{"sequence":${sequence}}`,
  reason: 'no such\nticket',
  attempts: 5,
  setAsideAt: new Date(Date.UTC(2026, 10, 21, 12, 0, sequence)),
});

let setAside: MemorySetAside;
let replayed: string[];
const command = (fails: string[] = []) =>
  setAsideCommand(
    setAside,
    ({ id }) => {
      replayed.push(id);
      return fails.includes(id) ? Promise.reject(new Error('still no such ticket')) : Promise.resolve();
    },
    ['database'],
  );

beforeEach(async () => {
  setAside = new MemorySetAside();
  replayed = [];
  for (const sequence of [2, 1, 3]) await setAside.add(message(sequence));
});

describe('The command set-aside', () => {
  test('needs the parts it is told to need', () => {
    expect(command().needs).toEqual(['database']);
  });

  test('list shows what was set aside, oldest first, each with its reason on one line', async () => {
    setAside.kept.delete('order:created/3');
    expect(await command().run(['list'])).toBe(
      [
        'order:created/1\t2026-11-21T12:00:01.000Z\tattempts 5\t"no such\\nticket"',
        '\t{"sequence":1}',
        'order:created/2\t2026-11-21T12:00:02.000Z\tattempts 5\t"no such\\nticket"',
        '\t{"sequence":2}',
        '2 set aside',
      ].join('\n'),
    );
    setAside.kept.clear();
    expect(await command().run(['list'])).toBe('0 set aside');
  });

  test('forget drops the named messages without handing them to anybody, and never all', async () => {
    expect((await command().run(['forget', 'order:created/2', 'order:created/9'])).split('\n')).toEqual([
      'order:created/2\tforgotten',
      'order:created/9\tis not set aside',
      '2 set aside',
    ]);
    expect(replayed).toEqual([]);
    await expect(command().run(['forget'])).rejects.toThrow('Usage: set-aside list');
    expect(setAside.kept.size).toBe(2);
  });

  test('replay hands all of it to its listeners, oldest first, and forgets what is handled now', async () => {
    expect((await command().run(['replay'])).split('\n')).toEqual([
      'order:created/1\thandled',
      'order:created/2\thandled',
      'order:created/3\thandled',
      '0 set aside',
    ]);
    expect(replayed).toEqual(['order:created/1', 'order:created/2', 'order:created/3']);
  });

  test('replay keeps what fails again, says why, and goes on with the rest', async () => {
    expect((await command(['order:created/2']).run(['replay'])).split('\n')).toEqual([
      'order:created/1\thandled',
      'order:created/2\tfailed again: still no such ticket',
      'order:created/3\thandled',
      '1 set aside',
    ]);
    expect(await setAside.find('order:created/2')).toEqual(message(2));
  });

  test('replay with ids hands on those, and says which it does not know', async () => {
    const output = await command().run(['replay', 'order:created/3', 'order:created/17']);
    expect(output.split('\n')).toEqual([
      'order:created/3\thandled',
      'order:created/17\tis not set aside',
      '2 set aside',
    ]);
    expect(replayed).toEqual(['order:created/3']);
  });

  test.each([[[]], [['burn']], [['list', 'order:created/1']], [['--help']]])(
    'explains itself when given %j',
    async (args) => {
      await expect(command().run(args)).rejects.toThrow('Usage: set-aside list | set-aside replay [id…]');
      expect(replayed).toEqual([]);
      expect(await setAside.count()).toBe(3);
    },
  );
});
