import { follow, readNews, type Listener, type News } from './stream';

/** Stands for the browser's, and remembers who was made. */
class FakeEventSource extends EventTarget {
  static readonly CLOSED = 2;
  static made: FakeEventSource[] = [];
  readyState = 1;
  constructor(readonly url: string) {
    super();
    FakeEventSource.made.push(this);
  }
  close(): void {
    this.readyState = 2;
  }
  say(type: string, data?: unknown): void {
    this.dispatchEvent(Object.assign(new Event(type), { data: JSON.stringify(data) }));
  }
  /** @param isRefused the server wants nobody now; else only the line broke, and the browser tries again */
  fail(isRefused: boolean): void {
    this.readyState = isRefused ? 2 : 0;
    this.dispatchEvent(new Event('error'));
  }
}

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
Object.assign(globalThis, { EventSource: FakeEventSource, document: page });

let ends: (() => void)[] = [];
function listen(): { end: () => void; heard: unknown[] } {
  const heard: unknown[] = [];
  const listener: Listener = {
    hear: (news) => heard.push(news),
    ready: () => heard.push('ready'),
    lost: () => heard.push('lost'),
  };
  const end = follow('tickets', listener);
  ends.push(end);
  return { end, heard };
}
const latest = (): FakeEventSource => FakeEventSource.made.at(-1) as FakeEventSource;
const see = (visibilityState: string): void => {
  page.visibilityState = visibilityState;
  page.dispatchEvent(new Event('visibilitychange'));
};
const news: News = { id: 'a', version: 2, status: 'held' };

beforeEach(() => {
  jest.useFakeTimers();
  FakeEventSource.made = [];
});
afterEach(() => {
  see('visible');
  ends.forEach((end) => {
    end();
  });
  ends = [];
});

test('however many listen, there is one stream, and it ends with the last of them', () => {
  const [first, second] = [listen(), listen()];
  expect(FakeEventSource.made.map(({ url }) => url)).toEqual(['/api/tickets/stream']);
  latest().say('ready');
  latest().say('ticket', { ...news, title: 'Not for us' });
  const third = listen();
  expect([first.heard, second.heard, third.heard]).toEqual([['ready', news], ['ready', news], ['ready']]);
  first.end();
  second.end();
  expect(latest().readyState).toBe(1);
  third.end();
  expect(latest().readyState).toBe(2);
});

test('a broken line is told once, and so is that it is there again', () => {
  const { heard } = listen();
  latest().say('ready');
  latest().fail(false);
  latest().fail(false);
  latest().say('ready');
  expect(heard).toEqual(['ready', 'lost', 'ready']);
  expect(FakeEventSource.made).toHaveLength(1);
});

test('who was refused asks again, and not at once', () => {
  const { heard } = listen();
  latest().fail(true);
  jest.advanceTimersByTime(29_000);
  expect(FakeEventSource.made).toHaveLength(1);
  jest.advanceTimersByTime(2000);
  expect(FakeEventSource.made).toHaveLength(2);
  expect(heard).toEqual([]);
});

test('a page that nobody sees holds no line, and takes one up again when it is seen', () => {
  const { heard } = listen();
  latest().say('ready');
  see('hidden');
  expect(latest().readyState).toBe(2);
  expect(heard).toEqual(['ready', 'lost']);
  see('visible');
  expect(FakeEventSource.made).toHaveLength(2);
  expect(latest().readyState).toBe(1);
});

test('nobody is asked again for a page that has gone', () => {
  const { end } = listen();
  latest().fail(true);
  end();
  jest.advanceTimersByTime(60_000);
  see('visible');
  expect(FakeEventSource.made).toHaveLength(1);
});

test.each(['', 'null', '{}', '{"id":1,"version":1,"status":"held"}', '{"id":"a","version":"1"}', '<html>'])(
  '%j is no news',
  (data) => {
    expect(readNews(data)).toBeUndefined();
  },
);
