// Live streams at the door: what a reader is told and when, how many there may be, and that none is left behind.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Follower } from '../broker';
import { TicketUpdated } from '../events';
import { createLogger, Metrics, Service } from '../process';
import { eventOf, eventually, LiveListener, newId, ticketData } from '../testing';
import { appWith } from '../testing/app';
import { LiveStream, show, type LiveStreamOptions } from './live-stream';

/** A broker of which a test says what it does. */
class StagedBroker {
  readonly followers = new Set<Follower>();
  isUp = true;
  follow(follower: Follower): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }
  isConnected(): boolean {
    return this.isUp;
  }
  ready(): void {
    for (const follower of this.followers) follower.onReady();
  }
  say(title: string, userId = newId()): void {
    const event = eventOf(TicketUpdated, ticketData({ title, userId }));
    this.sayText(JSON.stringify(event));
  }
  sayText(text: string): void {
    for (const follower of this.followers) follower.onMessage(TicketUpdated.type, text);
  }
}

const servers: Server[] = [];
const listeners: LiveListener[] = [];
afterEach(async () => {
  for (const listener of listeners.splice(0)) listener.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A stream of tickets; a header says who reads. */
async function streaming(given: Partial<LiveStreamOptions> = {}, isPersonal = false) {
  const broker = new StagedBroker();
  const metrics = new Metrics('test');
  const live = new LiveStream({
    transport: broker,
    logger: createLogger('test', 'test', 'silent'),
    metrics,
    sources: [
      show(TicketUpdated, ({ data }) => ({
        event: 'ticket',
        data: { title: data.title },
        ...(isPersonal && { person: data.userId }),
      })),
    ],
    ...given,
  });
  const app = appWith(
    (router) => {
      router.get(
        '/stream',
        live.route((request) => request.get('X-Reader') ?? 'somebody'),
      );
    },
    { metrics },
  );
  const server = createServer(app);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/things/stream`;
  const listen = async (as = 'somebody') => {
    const listener = await LiveListener.open(url, { 'X-Reader': as });
    listeners.push(listener);
    return listener;
  };
  const metric = async (name: string) =>
    (await metrics.registry.getSingleMetric(name)?.get())?.values.map(({ labels, value }) => [
      ...Object.values(labels).filter((label) => label !== 'test'),
      value,
    ]);
  return { broker, live, app, url, listen, metric };
}

const hears = (listener: LiveListener, titles: string[]) =>
  eventually(() => {
    expect(listener.of('ticket').map(({ title }) => title)).toEqual(titles);
  });

test('a reader is told at once how to come back, then when nothing is missed, then what happens, and by which id', async () => {
  const { broker, listen } = await streaming();
  const reader = await listen();
  expect(reader.status).toBe(200);
  expect(reader.answer.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  await eventually(() => {
    expect(reader.text).toBe('retry: 3000\n\n');
  });
  broker.ready();
  await eventually(() => {
    expect(reader.of('ready')).toEqual([{}]);
  });
  const event = eventOf(TicketUpdated, ticketData({ title: 'Grüße\n\ndata: {}', version: 7 }));
  broker.sayText(JSON.stringify(event));
  await hears(reader, ['Grüße\n\ndata: {}']);
  expect(reader.heard.at(-1)?.id).toBe(`${event.data.id}.7`);
});

test('who comes later is ready at once, unless the broker is away just then', async () => {
  const { broker, listen } = await streaming();
  await listen();
  broker.ready();
  const second = await listen();
  await eventually(() => {
    expect(second.of('ready')).toHaveLength(1);
  });
  broker.isUp = false;
  const third = await listen();
  broker.say('while it is away');
  await hears(third, ['while it is away']);
  expect(third.of('ready')).toHaveLength(0);
  broker.isUp = true;
  broker.ready();
  await eventually(() => {
    expect([second, third].map((reader) => reader.of('ready').length)).toEqual([2, 1]);
  });
});

test('the broker is followed from the first reader to the last, by one for all, and nobody is left behind', async () => {
  const { broker, listen, metric } = await streaming();
  expect(broker.followers.size).toBe(0);
  const readers = await Promise.all([1, 2, 3, 4, 5].map(() => listen()));
  expect(broker.followers.size).toBe(1);
  expect(await metric('live_readers')).toEqual([[5]]);
  for (const reader of readers) reader.close();
  await eventually(() => {
    expect(broker.followers.size).toBe(0);
  });
  expect(await metric('live_readers')).toEqual([[0]]);
  const next = await listen();
  expect(broker.followers.size).toBe(1);
  broker.say('again');
  await hears(next, ['again']);
});

test('what is for one person reaches all their tabs, and nobody else', async () => {
  const { broker, listen } = await streaming({}, true);
  const [one, other] = [newId(), newId()];
  const [first, second, stranger] = [await listen(one), await listen(one), await listen(other)];
  broker.say('for one', one);
  broker.say('for the other', other);
  await hears(first, ['for one']);
  await hears(second, ['for one']);
  await hears(stranger, ['for the other']);
});

test('a message that is no event harms nobody, and what comes after it is told', async () => {
  const { broker, listen } = await streaming();
  const reader = await listen();
  for (const text of ['', '{', '[]', 'null', '{"data":1}']) broker.sayText(text);
  broker.say('sound');
  await hears(reader, ['sound']);
});

test('beyond the bound of a replica, or of one person, readers are refused as the contract has it, and may come later', async () => {
  const { listen, metric } = await streaming({ maxReaders: 3, maxOfOnePerson: 2 });
  const [a] = [await listen('a'), await listen('a')];
  const refused = await listen('a');
  expect(refused.status).toBe(503);
  expect(refused.answer.headers).toMatchObject({ 'retry-after': expect.any(String) });
  await eventually(() => {
    expect(JSON.parse(refused.text)).toMatchObject({ errors: [{ code: 'server.unavailable' }] });
  });
  expect((await listen('b')).status).toBe(200);
  expect((await listen('c')).status).toBe(503);
  expect(await metric('live_readers_lost_total')).toEqual([['too_many', 2]]);
  a.close();
  await eventually(async () => {
    expect((await listen('c')).status).toBe(200);
  });
});

test('a reader that takes nothing is dropped, and holds up nobody', async () => {
  const { broker, listen, metric } = await streaming();
  const [slow, quick] = [await listen(), await listen()];
  slow.pause();
  const lost = () => metric('live_readers_lost_total');
  // As much as the kernel's buffers hold at both ends, and more; the quick one is given time to take it.
  for (let told = 0; told < 2000 && (await lost())?.length === 0; told++) {
    broker.say('x'.repeat(30_000));
    await eventually(() => {
      expect(quick.of('ticket')).toHaveLength(told + 1);
    });
  }
  expect(await lost()).toEqual([['too_slow', 1]]);
  expect(quick.isEnded).toBe(false);
  broker.say('the last');
  await eventually(() => {
    expect(quick.of('ticket').at(-1)).toEqual({ title: 'the last' });
  });
  slow.resume();
  await eventually(() => {
    expect(slow.isEnded).toBe(true);
  });
  expect(await metric('live_readers')).toEqual([[1]]);
});

test('a silent stream has heartbeats, and after a while a reader is sent away to come back', async () => {
  const { listen } = await streaming({ heartbeatMs: 30, maxAgeMs: 200 });
  const reader = await listen();
  await eventually(() => {
    expect(reader.text.match(/^: $/gm)?.length).toBeGreaterThan(2);
  });
  await eventually(() => {
    expect(reader.isEnded).toBe(true);
  });
  expect((await listen()).status).toBe(200);
});

test('a stream does not count as a request that took minutes; a refusal counts as always', async () => {
  const { listen, live, metric, url } = await streaming({ maxReaders: 1 });
  const reader = await listen();
  expect((await fetch(url)).status).toBe(503);
  live.stop();
  await eventually(() => {
    expect(reader.isEnded).toBe(true);
  });
  const counted = (await metric('http_request_duration_seconds'))?.filter((row) => row.includes('+Inf'));
  expect(counted).toHaveLength(1);
  expect(counted?.[0]).toContain(503);
});

test('HEAD is answered, and reads nothing', async () => {
  const { broker, url } = await streaming();
  const answer = await fetch(url, { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ]);
  expect(broker.followers.size).toBe(0);
});

test('a service that stops is not held up: streams end first, and no more begin', async () => {
  const { app, live } = await streaming();
  const config = { PORT: 0, HOST: '127.0.0.1', INSTANCE_ID: 'test', LOG_LEVEL: 'silent' };
  const service = new Service({ name: 'test', config }).serve(app).whenStopping(() => {
    live.stop();
  });
  await service.start();
  const reader = await LiveListener.open(`http://127.0.0.1:${service.port}/api/things/stream`);
  const start = Date.now();
  await service.stop();
  expect(Date.now() - start).toBeLessThan(2000);
  await eventually(() => {
    expect(reader.isEnded).toBe(true);
  });
});
