// The broker goes away, or the service is killed, in the middle of writes: what was answered is announced all the same.
import { resolve } from 'node:path';
import { createLogger, OrderCancelled, OrderCreated } from '@ticketing/common';
import { Database } from '@ticketing/common/store';
import {
  cookieFor,
  eventually,
  newId,
  ServiceProcess,
  TestServer,
  ticketData,
  WireTap,
} from '@ticketing/common/testing';
import request from 'supertest';
import { createdTicket, ordersEnv, ordersFrom, type OrderView } from '../src/testing';
import { copyTicket } from '../src/tickets/copy-ticket';
import { ticketReplicas } from '../src/tickets/ticket';

let broker: TestServer;
let tap: WireTap;
/** What a test has started; stopped after it, passed or failed. */
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  broker = await TestServer.broker();
  tap = await new WireTap(broker.port, [OrderCreated.type, OrderCancelled.type]).start();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(async () => {
  await tap.stop();
  await broker.stop();
});

const cookie = cookieFor(newId());
/** The last version of each order that somebody was told of. */
type Promised = Map<string, number>;

const place = (url: string, ticketId: string) =>
  request(url).post('/api/orders').set('Cookie', cookie).send({ ticketId });

/** Orders a ticket and cancels; remembers only what was answered, and resolves to the answers' statuses. */
async function placeAndCancel(url: string, ticketId: string, promised: Promised): Promise<number[]> {
  const placed = await place(url, ticketId);
  if (placed.status !== 201) return [placed.status];
  const { id } = placed.body as OrderView;
  promised.set(id, 0);
  const cancelled = await request(url).delete(`/api/orders/${id}`).set('Cookie', cookie);
  if (cancelled.status === 204) promised.set(id, 1);
  return [placed.status, cancelled.status];
}

/** Each order's last answered state, or a later one, has been announced. (Earlier ones may be left out: see the relay.) */
const expectAllHeard = (promised: Promised) =>
  eventually(() => {
    const heard = new Map<string, number>();
    for (const { subject, data } of tap.heard) {
      heard.set(subject, Math.max(heard.get(subject) ?? -1, Number(data['version'])));
    }
    const missing = [...promised].filter(([id, version]) => (heard.get(id) ?? -1) < version);
    expect(missing).toEqual([]);
  }, 30_000);

/** Makes tickets that can be ordered: copied by the service, as its listener says. */
async function ticketsFor(env: NodeJS.ProcessEnv, count: number): Promise<string[]> {
  const database = new Database(String(env['MONGO_URI']), createLogger('test', 'test', 'silent'));
  await database.start();
  const made = Array.from({ length: count }, () => ticketData());
  await Promise.all(made.map((data) => copyTicket(data, ticketReplicas(database.connection))));
  await database.stop();
  return made.map(({ id }) => id);
}

test('with the broker away people go on ordering and cancelling, and every change is announced when it is back', async () => {
  const env = ordersEnv(broker.port);
  const [first = '', ...tickets] = await ticketsFor(env, 31);
  const service = ordersFrom(env);
  stops.push(() => service.stop());
  await service.start();
  const url = `http://127.0.0.1:${service.port}`;
  const promised: Promised = new Map();
  await placeAndCancel(url, first, promised);
  await expectAllHeard(promised);

  await broker.kill();
  const statuses = await Promise.all(tickets.map((id) => placeAndCancel(url, id, promised)));
  expect(statuses).toEqual(statuses.map(() => [201, 204]));
  await eventually(async () => {
    const { body } = await request(url).get('/readyz');
    expect(body).toMatchObject({ isReady: true, checks: { broker: { isUp: false } } });
  });
  const [, ...during] = promised.keys();
  expect(tap.heard.filter(({ subject }) => during.includes(subject))).toEqual([]);

  await broker.start();
  await expectAllHeard(promised);
  // Repeats may come, and channels overtake each other; none of the two is left out.
  await eventually(() => {
    for (const id of during) {
      const versions = tap.heard.filter(({ subject }) => subject === id).map(({ data }) => data['version']);
      expect([...new Set(versions)].sort()).toEqual([0, 1]);
    }
  });

  // What was said to it while neither could hear the other is heard too.
  const news = createdTicket();
  await tap.say(news);
  await eventually(async () => {
    expect((await place(url, news.data.id)).status).toBe(201);
  });
});

test('kill -9 in the middle of a stream of writes loses nothing that was answered', async () => {
  const folder = resolve(__dirname, '..');
  const env = ordersEnv(broker.port);
  // Eight for each round: a kill between an order and its cancellation leaves its ticket held.
  const tickets = await ticketsFor(env, 24);
  const promised: Promised = new Map();
  for (let kills = 0; kills < 3; kills++) {
    const service = await ServiceProcess.start(folder, env);
    stops.push(() => service.kill());
    const url = `http://127.0.0.1:${service.port}`;
    const target = promised.size + 25;
    let isAlive = true;
    stops.push(() => Promise.resolve(void (isAlive = false)));
    const writers = tickets.splice(0, 8).map(async (id) => {
      while (isAlive) await placeAndCancel(url, id, promised).catch(() => undefined);
    });
    // With writes under way: some answered, some in the database, some on their way to the broker.
    await eventually(() => {
      expect(promised.size).toBeGreaterThanOrEqual(target);
    }, 30_000);
    await service.kill();
    isAlive = false;
    await Promise.all(writers);
  }
  const service = await ServiceProcess.start(folder, env);
  stops.push(() => service.kill());
  await expectAllHeard(promised);
  expect(promised.size).toBeGreaterThanOrEqual(75);
}, 120_000);
