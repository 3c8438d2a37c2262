// Payments as a process among real servers: what it hears it does, what it has charged it announces, whatever dies.
import { resolve } from 'node:path';
import {
  createLogger,
  OrderCancelled,
  OrderCompleted,
  OrderCreated,
  PaymentCreated,
  type OrderData,
} from '@ticketing/common';
import { Database } from '@ticketing/common/store';
import {
  cookieFor,
  eventOf,
  eventually,
  orderData,
  runCommand,
  ServiceProcess,
  testEnv,
  TestServer,
  WireTap,
} from '@ticketing/common/testing';
import { startStripeEmulator, type StripeEmulator } from '@ticketing/stripe-emulator';
import request from 'supertest';
import { paymentAggregates, type Payments } from '../src/payments/payment';

const folder = resolve(__dirname, '..');

let broker: TestServer;
let stripe: StripeEmulator;
let tap: WireTap;
let env: NodeJS.ProcessEnv;
let database: Database;
let payments: Payments;
let first: ServiceProcess;
let second: ServiceProcess;

const start = (instance: string) => ServiceProcess.start(folder, { ...env, INSTANCE_ID: instance });

beforeAll(async () => {
  [broker, stripe] = await Promise.all([TestServer.broker(), startStripeEmulator()]);
  const NATS_URL = `nats://127.0.0.1:${broker.port}`;
  env = testEnv('payments', { NATS_URL, STRIPE_KEY: 'sk_test_payments', STRIPE_API_BASE: stripe.url });
  database = new Database(String(env['MONGO_URI']), createLogger('payments', 'test', 'silent'));
  payments = paymentAggregates(database.connection);
  await database.start();
  [tap, first, second] = await Promise.all([
    new WireTap(broker.port, [PaymentCreated.type]).start(),
    start('payments-1'),
    start('payments-2'),
  ]);
});
afterAll(async () => {
  // The servers first: they are there even when a process could not be started.
  await Promise.all([broker.stop(), stripe.close(), database.stop()]);
  await Promise.all([first.kill(), second.kill(), tap.stop()]);
});
afterEach(() => {
  stripe.setFaults({ latencyMs: 0 });
});

const cancellationOf = (order: OrderData) =>
  eventOf(OrderCancelled, { ...order, version: order.version + 1, status: 'cancelled' });

const pay = (order: OrderData, at = first) =>
  request(`http://127.0.0.1:${at.port}`)
    .post('/api/payments')
    .set('Cookie', cookieFor(order.userId))
    .send({ orderId: order.id, token: 'tok_visa' });

/** Pays as soon as the order is known. */
const paid = (order: OrderData, at = first) => eventually(() => pay(order, at).expect(201));

const money = ({ id }: OrderData) =>
  stripe
    .charges()
    .flatMap(({ orderId, charged, refunded }) => (orderId === id ? [{ charged, refunded }] : []));

const announced = ({ id }: OrderData) => tap.heard.filter(({ subject }) => subject === id);

async function placed(): Promise<OrderData> {
  const order = orderData();
  await tap.say(eventOf(OrderCreated, order));
  return order;
}

test('an order heard of is paid, announced, and refunded when it is cancelled after all', async () => {
  const order = await placed();
  await paid(order);
  await eventually(() => {
    expect(announced(order)).toEqual([
      expect.objectContaining({
        type: 'payment:created',
        source: '/payments',
        data: {
          id: order.id,
          orderId: order.id,
          stripeId: expect.stringMatching(/^pi_/),
          amountInCents: 1999,
          version: expect.any(Number),
        },
      }),
    ]);
  });
  await tap.say(cancellationOf(order));
  await eventually(() => {
    expect(money(order)).toEqual([{ charged: 1999, refunded: 1999 }]);
  });
});

test('events that come three times and shuffled have the effect of one, on two replicas', async () => {
  const orders = await Promise.all(Array.from({ length: 10 }, () => placed()));
  await Promise.all(orders.map((order, index) => paid(order, index % 2 === 0 ? first : second)));
  for (const order of orders) {
    const [cancelled, created] = [cancellationOf(order), eventOf(OrderCreated, order)];
    for (const event of [cancelled, created, cancelled, created, cancelled]) await tap.say(event);
  }
  await eventually(() => {
    for (const order of orders) expect(money(order)).toEqual([{ charged: 1999, refunded: 1999 }]);
  });
  await eventually(() => Promise.all(orders.map((order) => pay(order).expect(400))));
});

test('a completed order is known to be paid', async () => {
  const order = orderData({ version: 1, status: 'complete' });
  await tap.say(eventOf(OrderCompleted, order));
  await eventually(async () => {
    expect((await pay(order)).body).toMatchObject({ errors: [{ code: 'payments.already_paid' }] });
  });
});

test('with the broker away people go on paying, and it is announced when the broker is back', async () => {
  const orders = await Promise.all([placed(), placed(), placed()]);
  // Known before the broker goes: whoever is not the buyer is told so, and nothing happens.
  for (const order of orders) {
    const stranger = orderData({ id: order.id });
    await eventually(() => pay(stranger).expect(401));
  }
  await broker.kill();
  for (const order of orders) await pay(order).expect(201);
  await request(`http://127.0.0.1:${first.port}`).get('/readyz').expect(200);
  await broker.start();
  await eventually(() => {
    for (const order of orders) expect(announced(order)).not.toHaveLength(0);
  }, 30_000);
  for (const order of orders) expect(money(order)).toEqual([{ charged: 1999, refunded: 0 }]);
});

test('killed while Stripe is charging: the charge is found, announced and not repeated', async () => {
  const order = await placed();
  const stranger = orderData({ id: order.id });
  await eventually(() => pay(stranger, second).expect(401));
  stripe.setFaults({ latencyMs: 1000 });
  const answer = pay(order, second).then(
    ({ status }) => status,
    () => 'cut off',
  );
  await eventually(async () => {
    expect((await payments.find(order.id))?.stripeId).toMatch(/^pi_/);
  });
  await second.kill();
  expect(await answer).toBe('cut off');
  stripe.setFaults({ latencyMs: 0 });
  second = await start('payments-2');
  // The claim of the dead is looked at once it is ten seconds old.
  await eventually(async () => {
    const { status, body } = await pay(order, second);
    if (status !== 201) expect(body).toMatchObject({ errors: [{ code: 'payments.already_paid' }] });
  }, 20_000);
  await eventually(() => {
    expect(announced(order)).not.toHaveLength(0);
  });
  expect(money(order)).toEqual([{ charged: 1999, refunded: 0 }]);
});

test('what cannot be understood is set aside, blocks nothing, and is listed and replayed by a command', async () => {
  await tap.say({ channel: OrderCancelled.type, text: '{"not":"an event"}' });
  const order = await placed();
  await paid(order);
  await tap.say(cancellationOf(order));
  await eventually(() => {
    expect(money(order)).toEqual([{ charged: 1999, refunded: 1999 }]);
  });
  const listed = await runCommand(folder, env, ['set-aside', 'list']);
  expect(listed.output).toContain('{"not":"an event"}');
  expect(listed.output).toContain('1 set aside');
  expect(listed.code).toBe(0);
  const replayed = await runCommand(folder, env, ['set-aside', 'replay']);
  expect(replayed.output).toContain('failed again');
});
