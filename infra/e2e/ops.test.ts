// The operator's commands, on a running system: what they say of one that is well, and of one that is not.
import { announce } from './support/broker';
import { eventually } from './support/eventually';
import { expectStatus, Person, type Order } from './support/person';
import { purchase } from './support/purchase';
import { runOps } from './support/system';
import { useSystem } from './support/use-system';

const system = useSystem({ expirationSeconds: 60 });
let seller: Person;
let buyer: Person;

beforeAll(async () => {
  [seller, buyer] = await Promise.all([Person.signedUp(system()), Person.signedUp(system())]);
});

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
  await purchase(seller, buyer);
  await eventually(async () => {
    const { code, reports } = await relays();
    expect(
      reports.map(({ service, leader, bookmark, waiting }) => [service, leader, bookmark, waiting]),
    ).toEqual([
      ['tickets', 'tickets-1', 'kept', 0],
      ['orders', 'orders-1', 'kept', 0],
      ['payments', 'payments-1', 'kept', 0],
      ['auth', 'auth-1', 'kept', 0],
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
  const told = (await system().ops('order', order.id)).stdout;
  expect(told).toContain(traceId);
  // As for a cluster: the servers named one by one, and no system of npm start anywhere.
  const mongo = (name: string): string =>
    system().address('mongo').replace('/?', `/${name}?directConnection=true&`);
  const servers = {
    ...{ TICKETING_HOME: '/nowhere', TICKETS_MONGO_URI: mongo('tickets'), ORDERS_MONGO_URI: mongo('orders') },
    ...{ PAYMENTS_MONGO_URI: mongo('payments'), NATS_URL: system().address('nats') },
    ...{
      REDIS_URL: system().address('redis'),
      STRIPE_KEY: 'sk_test_local',
      STRIPE_API_BASE: system().address('stripe'),
    },
  };
  expect((await runOps(servers, 'order', order.id)).stdout).toBe(told);
  expect((await runOps(servers, 'set-aside', 'list')).code).toBe(0);
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
