// Three replicas of tickets on a real broker: whichever of them a reader is at, it sees what happens at any.
import type { Service } from '@ticketing/common';
import { OrderCancelled, OrderCompleted, OrderCreated } from '@ticketing/common';
import {
  cookieFor,
  eventOf,
  eventually,
  LiveListener,
  newId,
  orderData,
  TestServer,
  WireTap,
} from '@ticketing/common/testing';
import request from 'supertest';
import { ticketsEnv, ticketsFrom, type TicketView } from '../src/testing';

let broker: TestServer;
let tap: WireTap;
const replicas: Service[] = [];
const readers: LiveListener[] = [];
const urlOf = (replica: Service | undefined) => `http://127.0.0.1:${replica?.port}`;
const seller = newId();

beforeAll(async () => {
  broker = await TestServer.broker();
  const env = ticketsEnv(broker.port);
  for (const name of ['one', 'two', 'three']) {
    const replica = ticketsFrom({ ...env, INSTANCE_ID: `tickets-${name}-${newId()}` });
    await replica.start();
    replicas.push(replica);
  }
  tap = await new WireTap(broker.port).start();
}, 60_000);
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});
afterAll(async () => {
  await tap.stop();
  for (const replica of replicas) await replica.stop();
  await broker.stop();
});

/** A reader at each replica, two at the first, all of them listening. */
async function readEverywhere(): Promise<LiveListener[]> {
  for (const replica of [replicas[0], ...replicas]) {
    readers.push(await LiveListener.open(`${urlOf(replica)}/api/tickets/stream`));
  }
  await eventually(() => {
    for (const reader of readers) expect(reader.of('ready').length).toBeGreaterThan(0);
  });
  return readers;
}
const list = async (title: string, at = replicas[1]): Promise<TicketView> => {
  const call = request(urlOf(at)).post('/api/tickets').set('Cookie', cookieFor(seller));
  return (await call.send({ title, price: 19.99 }).expect(201)).body as TicketView;
};
/** What each reader knows of a ticket, in the order of its versions. */
const seen = (reader: LiveListener, id: string) =>
  reader
    .of('ticket')
    .filter((data) => data['id'] === id)
    .map(({ version, status, price, title }) => [version, status, price, title].join(' '));
const allSee = (id: string, expected: string[]) =>
  eventually(() => {
    for (const reader of readers) expect([...new Set(seen(reader, id))]).toEqual(expected);
  }, 20_000);

test('listed, edited, held, freed, held again and sold: every reader at every replica sees it, and never who buys', async () => {
  await readEverywhere();
  const { id } = await list('A concert');
  await allSee(id, ['0 available 19.99 A concert']);
  await request(urlOf(replicas[2]))
    .put(`/api/tickets/${id}`)
    .set('Cookie', cookieFor(seller))
    .send({ title: 'A better concert', price: 25 })
    .expect(200);
  await allSee(id, ['0 available 19.99 A concert', '1 available 25 A better concert']);

  const ticket = { id, title: 'A better concert', priceInCents: 2500 };
  const first = orderData({ ticket, sequence: 1 });
  const second = orderData({ ticket, sequence: 2 });
  await tap.say(eventOf(OrderCreated, first));
  await allSee(id, expect.arrayContaining(['2 held 25 A better concert']) as string[]);
  await tap.say(eventOf(OrderCancelled, { ...first, version: 1, status: 'cancelled' }));
  await allSee(id, expect.arrayContaining(['3 available 25 A better concert']) as string[]);
  await tap.say(eventOf(OrderCreated, second));
  await allSee(id, expect.arrayContaining(['4 held 25 A better concert']) as string[]);
  await tap.say(eventOf(OrderCompleted, { ...second, version: 1, status: 'complete' }));
  await allSee(id, expect.arrayContaining(['5 sold 25 A better concert']) as string[]);

  for (const reader of readers) {
    for (const secret of [first.id, first.userId, second.id, second.userId, 'orderId', 'userId']) {
      expect(reader.text).not.toContain(secret);
    }
    expect(reader.heard.find(({ data }) => data['version'] === 5)?.id).toBe(`${id}.5`);
  }
});

test('the broker is killed: readers stay, are told to read again, and see what happens then', async () => {
  await readEverywhere();
  const before = readers.map((reader) => reader.of('ready').length);
  await broker.kill();
  const { id } = await list('While it was away');
  await broker.start();
  await eventually(() => {
    expect(readers.map((reader, i) => reader.of('ready').length - (before[i] ?? 0))).not.toContain(0);
  }, 30_000);
  // What came in between may have been missed, which is why they read again; what comes now is not.
  const next = await list('When it was back');
  await allSee(next.id, ['0 available 19.99 When it was back']);
  expect(readers.map(({ isEnded }) => isEnded)).not.toContain(true);
  expect(id).not.toBe(next.id);
}, 60_000);

test('a replica that stops sends its readers away at once, and the others go on', async () => {
  await readEverywhere();
  const stopping = replicas.shift();
  const start = Date.now();
  await stopping?.stop();
  expect(Date.now() - start).toBeLessThan(8000);
  await eventually(() => {
    expect(readers.map(({ isEnded }) => isEnded)).toEqual([true, true, false, false]);
  });
  readers.splice(0, 2);
  const { id } = await list('Two are enough');
  await allSee(id, ['0 available 19.99 Two are enough']);
});
