// The broker goes away, or the service is killed, in the middle of writes: what was answered is announced all the same.
import { resolve } from 'node:path';
import { TicketCreated, TicketUpdated } from '@ticketing/common';
import { cookieFor, eventually, newId, ServiceProcess, TestServer, WireTap } from '@ticketing/common/testing';
import request from 'supertest';
import { ticketsEnv, ticketsFrom, type TicketView } from '../src/testing';

let broker: TestServer;
let tap: WireTap;

beforeAll(async () => {
  broker = await TestServer.broker();
  tap = await new WireTap(broker.port, [TicketCreated.type, TicketUpdated.type]).start();
});
/** What a test has started; stopped after it, passed or failed. */
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(async () => {
  await tap.stop();
  await broker.stop();
});

const cookie = cookieFor(newId());
/** The last version of each ticket that somebody was told of. */
type Promised = Map<string, number>;

/** Lists a ticket and edits it; remembers only what was answered, and resolves to the answers' statuses. */
async function listAndEdit(url: string, promised: Promised): Promise<number[]> {
  const listed = await request(url).post('/api/tickets').set('Cookie', cookie).send({ title: 'A', price: 1 });
  if (listed.status !== 201) return [listed.status];
  const { id } = listed.body as TicketView;
  promised.set(id, 0);
  const path = `/api/tickets/${id}`;
  const edited = await request(url).put(path).set('Cookie', cookie).send({ title: 'B', price: 2 });
  if (edited.status === 200) promised.set(id, 1);
  return [listed.status, edited.status];
}

/** Each ticket's last answered state, or a later one, has been announced. (Earlier ones may be left out: see the relay.) */
const expectAllHeard = (promised: Promised) =>
  eventually(() => {
    const heard = new Map<string, number>();
    for (const { subject, data } of tap.heard) {
      heard.set(subject, Math.max(heard.get(subject) ?? -1, Number(data['version'])));
    }
    const missing = [...promised].filter(([id, version]) => (heard.get(id) ?? -1) < version);
    expect(missing).toEqual([]);
  }, 30_000);

test('with the broker away people go on listing and editing, and every change is announced when it is back', async () => {
  const service = ticketsFrom(ticketsEnv(broker.port));
  stops.push(() => service.stop());
  await service.start();
  const url = `http://127.0.0.1:${service.port}`;
  const promised: Promised = new Map();
  await listAndEdit(url, promised);
  await expectAllHeard(promised);

  await broker.kill();
  const statuses = await Promise.all(Array.from({ length: 30 }, () => listAndEdit(url, promised)));
  expect(statuses).toEqual(statuses.map(() => [201, 200]));
  expect((await request(url).get('/readyz')).status).toBe(200);
  await eventually(async () => {
    const { body } = await request(url).get('/readyz');
    expect(body).toMatchObject({ isReady: true, checks: { broker: { isUp: false } } });
  });
  const [first, ...during] = promised.keys();
  expect(tap.heard.filter(({ subject }) => promised.has(subject) && subject !== first)).toEqual([]);

  await broker.start();
  await expectAllHeard(promised);
  // Repeats may come, and channels overtake each other; none of the two is left out.
  await eventually(() => {
    for (const id of during) {
      const versions = tap.heard.filter(({ subject }) => subject === id).map(({ data }) => data['version']);
      expect([...new Set(versions)].sort()).toEqual([0, 1]);
    }
  });
});

test('kill -9 in the middle of a stream of writes loses nothing that was answered', async () => {
  const folder = resolve(__dirname, '..');
  const env = ticketsEnv(broker.port);
  const promised: Promised = new Map();
  for (let kills = 0; kills < 3; kills++) {
    const service = await ServiceProcess.start(folder, env);
    stops.push(() => service.kill());
    const url = `http://127.0.0.1:${service.port}`;
    const target = promised.size + 25;
    let isAlive = true;
    stops.push(() => Promise.resolve(void (isAlive = false)));
    const writers = Array.from({ length: 8 }, async () => {
      while (isAlive) await listAndEdit(url, promised).catch(() => undefined);
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
