// The operator's commands, on a running system: what they say of one that is well, and of one that is not.
import os from 'node:os';
import { MongoClient, ObjectId } from 'mongodb';
import { announce } from './support/broker';
import { eventually } from './support/eventually';
import { whenAllHolds } from './support/invariants';
import { expectStatus, Person, type Order } from './support/person';
import { runOps } from './support/system';
import { useSystem } from './support/use-system';

const system = useSystem({ expirationSeconds: 60 });
let seller: Person;
let buyer: Person;
let mongo: MongoClient;

beforeAll(async () => {
  [seller, buyer] = await Promise.all([Person.signedUp(system()), Person.signedUp(system())]);
  mongo = new MongoClient(system().address('mongo'), { runtimeAdapters: { os } });
});
afterAll(() => mongo.close());

async function purchase(): Promise<Order> {
  const { id } = expectStatus(201, await seller.list('A concert', 19.99));
  const order = await buyer.orderSoon(id);
  expectStatus(201, await buyer.paySoon(order.id));
  await eventually(async () => {
    expect((await buyer.seeOrder(order.id)).status).toBe('complete');
    expect((await seller.seeTicket(id)).orderId).toBe(order.id);
  });
  return order;
}

interface RelayReport {
  service: string;
  leader: string | null;
  bookmark: string;
  bookmarkAgeMs: number;
  waiting: number;
  lagMs: number;
  problems: string[];
}

async function relays(): Promise<{ code: number; reports: RelayReport[] }> {
  const { code, stdout } = await system().ops('relay', '--json');
  return { code, reports: JSON.parse(stdout) as RelayReport[] };
}

test('relay names the leader of each service and how old its bookmark is', async () => {
  await purchase();
  await eventually(async () => {
    const { code, reports } = await relays();
    expect(
      reports.map(({ service, leader, bookmark, waiting }) => [service, leader, bookmark, waiting]),
    ).toEqual([
      ['tickets', 'tickets-1', 'kept', 0],
      ['orders', 'orders-1', 'kept', 0],
      ['payments', 'payments-1', 'kept', 0],
    ]);
    for (const { bookmarkAgeMs } of reports) expect(bookmarkAgeMs).toBeLessThan(15_000);
    expect(code).toBe(0);
  });
  expect((await system().ops('relay')).stdout).toMatch(/^service .*\ntickets +tickets-1 .* none\n/);
});

test('relay says when events wait for the broker, and when nobody relays', async () => {
  await system().stopPart('nats');
  expectStatus(201, await seller.list('Unheard of', 10));
  await eventually(
    async () => {
      const { code, reports } = await relays();
      expect(code).toBe(1);
      expect(reports[0]).toMatchObject({ service: 'tickets', waiting: 1 });
      expect(reports[0]?.lagMs).toBeGreaterThan(5000);
      expect(reports[0]?.problems.join()).toContain('is the broker there?');
    },
    { withinMs: 20_000, everyMs: 500 },
  );
  await system().startPart('nats');
  await system().stopPart('payments');
  await eventually(
    async () => {
      const { code, reports } = await relays();
      expect([code, reports[0]?.waiting]).toEqual([1, 0]);
      expect(reports[2]).toMatchObject({ leader: null, bookmark: 'kept' });
      expect(reports[2]?.problems.join()).toContain('nobody relays');
    },
    { withinMs: 20_000, everyMs: 500 },
  );
  await system().startPart('payments');
});

interface Reconciliation {
  comparisons: Record<string, { compared: number; differ: number }>;
  disagreements: { comparison: string; id: string; own: string | null; copy: string | null }[];
  announcedAgain: number;
}

async function reconcile(...args: string[]): Promise<Reconciliation & { code: number }> {
  const { code, stdout, stderr } = await system().ops('reconcile', '--json', ...args);
  if (stdout === '') throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as Reconciliation) };
}

test('reconcile finds every kind of disagreement, and --repair mends the copies by announcing again', async () => {
  const [lost, old, held, unpaid] = [await purchase(), await purchase(), await purchase(), await purchase()];
  await whenAllHolds(system());
  const well = await reconcile();
  expect(well).toMatchObject({ code: 0, disagreements: [], announcedAgain: 0 });
  expect(well.comparisons).toMatchObject({
    'ticket copies': { compared: 6, differ: 0 },
    'order copies': { compared: 5, differ: 0 },
    holders: { compared: 5, differ: 0 },
    payments: { compared: 5, differ: 0 },
    charges: { compared: 5, differ: 0 },
  });

  const _id = (id: string): { _id: ObjectId } => ({ _id: new ObjectId(id) });
  await mongo.db('orders').collection('tickets').deleteOne(_id(lost.ticket.id));
  await mongo
    .db('payments')
    .collection('orders')
    .updateOne(_id(old.id), { $set: { version: 0, status: 'created' } });
  await mongo
    .db('tickets')
    .collection('tickets')
    .updateOne(_id(held.ticket.id), { $set: { orderId: null, orderVersion: 0, soldAt: null } });
  await mongo
    .db('orders')
    .collection('orders')
    .updateOne(_id(unpaid.id), { $set: { status: 'created' } });
  const stranger = '0123456789abcdef01234567';
  await chargeBehindOurBacks(stranger);

  const found = await reconcile();
  expect(found.code).toBe(1);
  const ids = found.disagreements.map(({ comparison, id }) => `${comparison} ${id}`);
  expect(ids.sort()).toEqual(
    [
      `charges ${stranger}`,
      `holders ${held.ticket.id}`,
      `order copies ${old.id}`,
      `order copies ${unpaid.id}`,
      `payments ${unpaid.id}`,
      // The ticket was changed behind its service's back, so its copy is of another state.
      `ticket copies ${held.ticket.id}`,
      `ticket copies ${lost.ticket.id}`,
    ].sort(),
  );
  expect(found.disagreements.find(({ comparison }) => comparison === 'charges')).toMatchObject({
    own: 'not charged',
    copy: '700 charged, 0 refunded',
  });

  const repaired = await reconcile('--repair');
  expect(repaired.announcedAgain).toBeGreaterThan(3);
  // Money is for people to decide on; all the rest has come back by itself.
  expect(repaired).toMatchObject({ code: 1, disagreements: [{ comparison: 'charges', id: stranger }] });
  expect(await reconcile('--since', '1')).toMatchObject({ code: 1, announcedAgain: 0 });
});

/** Stripe has charged for an order that nobody here knows. */
async function chargeBehindOurBacks(orderId: string): Promise<void> {
  const body = new URLSearchParams({
    ...{ amount: '700', currency: 'usd', confirm: 'true', 'metadata[orderId]': orderId },
    'automatic_payment_methods[enabled]': 'true',
    ...{ 'automatic_payment_methods[allow_redirects]': 'never', payment_method: 'pm_card_visa' },
  });
  const response = await fetch(`${system().address('stripe')}/v1/payment_intents`, {
    ...{ method: 'POST', headers: { authorization: 'Bearer sk_test_local' }, body },
  });
  expect([response.status, await response.json()]).toMatchObject([200, { status: 'succeeded' }]);
}

test('order tells what happened to it, in all services, under one trace', async () => {
  const traceId = 'a'.repeat(31) + '7';
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
  const { id: ticketId } = expectStatus(201, await seller.list('A concert', 19.99));
  await eventually(async () => {
    const answer = await buyer.call<Order>('POST', '/api/orders', { ticketId }, { headers });
    expectStatus(201, answer);
  });
  const order = expectStatus(200, await buyer.call<Order[]>('GET', '/api/orders'))[0] as Order;
  await eventually(async () => {
    const body = { orderId: order.id, token: 'tok_visa' };
    expectStatus(201, await buyer.call('POST', '/api/payments', body, { headers }));
  });
  await eventually(async () => {
    const { code, stdout } = await system().ops('order', order.id, '--json');
    expect(code).toBe(0);
    const timeline = JSON.parse(stdout) as {
      events: { service: string; what: string; traceId: string; times: number }[];
      now: Record<string, string>;
      notes: string[];
    };
    expect(timeline.events.map(({ service, what }) => `${service} ${what}`).sort()).toEqual([
      'orders order:completed',
      'orders order:created',
      'payments payment:created',
      'tickets ticket:updated',
      'tickets ticket:updated',
    ]);
    for (const event of timeline.events) expect(event).toMatchObject({ traceId, times: 1 });
    expect(timeline.now).toMatchObject({
      orders: expect.stringMatching(/^complete, version 1/),
      tickets: `ticket ${ticketId} sold to it, version 2`,
      payments: expect.stringMatching(/^copy complete, version 1; payment charged, attempt 1, pi_/),
      stripe: expect.stringMatching(/ succeeded, 1999 charged, 0 refunded$/),
      expiration: expect.stringMatching(/^a job waits for /),
    });
    expect(timeline.notes).toEqual([]);
  });
  expect((await system().ops('order', order.id)).stdout).toContain(traceId);
});

test('set-aside lists and replays in all services at once', async () => {
  await announce(system(), [{ channel: 'order:created', text: 'no JSON' }]);
  const listed = await eventually(async () => {
    const { stdout } = await system().ops('set-aside', 'list');
    const ids = [...stdout.matchAll(/^ {2}(order:created\/\d+)\t/gm)].map(([, id]) => id ?? '');
    expect(ids).toHaveLength(3); // tickets, payments, expiration
    return { id: ids[0] ?? '', stdout };
  });
  expect(listed.stdout).toMatch(/^orders\n {2}0 set aside$/m);
  const replayed = await system().ops('set-aside', 'replay', listed.id);
  expect(replayed.code).toBe(1);
  expect(replayed.stdout.match(/failed again: The message is not JSON/g)).toHaveLength(3);
  expect(replayed.stdout).not.toContain('is not set aside');
  const strange = await system().ops('set-aside', 'replay', 'order:created/999999', '--service', 'tickets');
  expect([strange.code, strange.stdout]).toEqual([
    1,
    expect.stringContaining('order:created/999999 is not set aside in tickets'),
  ]);
});

test('what cannot be found or reached is said in a sentence, soon', async () => {
  expect(await system().ops('order', 'f'.repeat(24))).toMatchObject({
    code: 1,
    stderr: `No service knows an order ${'f'.repeat(24)}.\n`,
  });
  expect(await runOps({ MONGO_URL: 'mongodb://127.0.0.1:1/' }, 'relay')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The database of \w+ cannot be reached: /),
  });
  expect(await runOps({ TICKETING_HOME: '/nowhere' }, 'relay')).toMatchObject({
    code: 1,
    stderr: 'Nothing is running here: start it with npm start.\n',
  });
  expect(await runOps({ ORDERS_MONGO_URI: system().address('mongo') }, 'relay')).toMatchObject({
    code: 2,
    stderr: 'TICKETS_MONGO_URI is missing in the environment.\n',
  });
});
