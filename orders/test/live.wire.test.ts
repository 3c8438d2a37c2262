// Live orders over a real broker: a buyer sees their own, wherever it changed, and nobody else's.
import { ExpirationComplete, type Service } from '@ticketing/common';
import {
  cookieFor,
  eventually,
  LiveListener,
  newId,
  refusalIn,
  TestServer,
  WireTap,
} from '@ticketing/common/testing';
import request from 'supertest';
import {
  createdTicket,
  expirationOf,
  ordersEnv,
  ordersFrom,
  paymentOf,
  type OrderView,
} from '../src/testing';

let broker: TestServer;
let tap: WireTap;
const replicas: Service[] = [];
const readers: LiveListener[] = [];
const urlOf = (replica: Service | undefined) => `http://127.0.0.1:${replica?.port}`;

beforeAll(async () => {
  broker = await TestServer.broker();
  const env = ordersEnv(broker.port, { EXPIRATION_SECONDS: '60' });
  for (const name of ['one', 'two', 'three']) {
    const replica = ordersFrom({ ...env, INSTANCE_ID: `orders-${name}-${newId()}` });
    await replica.start();
    replicas.push(replica);
  }
  tap = await new WireTap(broker.port).start();
}, 60_000);
afterAll(async () => {
  for (const reader of readers) reader.close();
  await tap.stop();
  for (const replica of replicas) await replica.stop();
  await broker.stop();
});

const listen = async (buyer: string, at: Service | undefined) => {
  const reader = await LiveListener.open(`${urlOf(at)}/api/orders/stream`, { Cookie: cookieFor(buyer) });
  readers.push(reader);
  await eventually(() => {
    expect(reader.of('ready').length).toBeGreaterThan(0);
  });
  return reader;
};
const place = async (buyer: string): Promise<OrderView> => {
  const ticket = createdTicket();
  await tap.say(ticket);
  return eventually(async () => {
    const call = request(urlOf(replicas[0])).post('/api/orders').set('Cookie', cookieFor(buyer));
    return (await call.send({ ticketId: ticket.data.id }).expect(201)).body as OrderView;
  });
};

test('a buyer sees, at every replica, what becomes of their orders as an answer would show it; a stranger nothing', async () => {
  const [buyer, stranger] = [newId(), newId()];
  const own = await Promise.all(replicas.map((replica) => listen(buyer, replica)));
  const strange = await listen(stranger, replicas[1]);
  const [paid, cancelled] = [await place(buyer), await place(buyer)];
  await tap.say(paymentOf(paid.id));
  await request(urlOf(replicas[2]))
    .delete(`/api/orders/${cancelled.id}`)
    .set('Cookie', cookieFor(buyer))
    .expect(204);
  for (const reader of own) {
    await eventually(() => {
      const told = reader.of('order').map(({ id, status }) => `${String(id)} ${String(status)}`);
      expect(new Set(told)).toEqual(
        new Set([
          `${paid.id} created`,
          `${cancelled.id} created`,
          `${paid.id} complete`,
          `${cancelled.id} cancelled`,
        ]),
      );
    });
    const last = reader.of('order').find(({ id, version }) => id === cancelled.id && version === 1);
    const answer = await request(urlOf(replicas[0]))
      .get(`/api/orders/${cancelled.id}`)
      .set('Cookie', cookieFor(buyer));
    const { createdAt, ...shown } = answer.body as OrderView;
    expect(last).toEqual(shown);
    expect(shown.cancelReason).toBe('cancelled');
    expect(createdAt).toBe(cancelled.createdAt);
  }
  const theirs = await place(stranger);
  await eventually(() => {
    expect(strange.of('order').map(({ id }) => id)).toEqual([theirs.id]);
  });
  for (const reader of own) expect(reader.text).not.toContain(theirs.id);
});

test('an expiry that is announced too early is not shown, and nobody reads without a session', async () => {
  const buyer = newId();
  const reader = await listen(buyer, replicas[0]);
  const order = await place(buyer);
  const early = expirationOf(order.id);
  expect(early.type).toBe(ExpirationComplete.type);
  await tap.say(early);
  await request(urlOf(replicas[0]))
    .delete(`/api/orders/${order.id}`)
    .set('Cookie', cookieFor(buyer))
    .expect(204);
  await eventually(() => {
    expect(reader.of('order').map(({ status, cancelReason }) => [status, cancelReason])).toEqual([
      ['created', undefined],
      ['cancelled', 'cancelled'],
    ]);
  });
  expect(refusalIn(await request(urlOf(replicas[0])).get('/api/orders/stream'))).toEqual([
    401,
    'session.not_signed_in',
  ]);
});
