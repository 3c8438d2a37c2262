// Messages that cannot be handled are set aside, block nothing behind them, and can be handled later.
import { resolve } from 'node:path';
import { newCause, OrderCreated, TicketUpdated } from '@ticketing/common';
import { Database } from '@ticketing/common/store';
import { eventually, newId, outcomesAt, runCommand, TestServer, WireTap } from '@ticketing/common/testing';
import { listTicket } from '../src/tickets/list-ticket';
import { ticketAggregates } from '../src/tickets/ticket';
import { orderOf, ticketsEnv, ticketsFrom } from '../src/testing';

const folder = resolve(__dirname, '..');
let broker: TestServer;
let env: NodeJS.ProcessEnv;
let tap: WireTap;
let service: ReturnType<typeof ticketsFrom>;
let database: Database;

beforeAll(async () => {
  broker = await TestServer.broker();
  env = ticketsEnv(broker.port);
  service = ticketsFrom(env);
  database = new Database(String(env['MONGO_URI']), service.logger);
  await service.start();
  await database.start();
  tap = await new WireTap(broker.port, [TicketUpdated.type]).start();
});
afterAll(async () => {
  await tap.stop();
  await database.stop();
  await service.stop();
  await broker.stop();
});

const listed = async (): Promise<string> => {
  const input = { title: 'A concert', price: 1999 };
  const { _id } = await listTicket(ticketAggregates(database.connection), newId(), input, newCause());
  return String(_id);
};
const orderIdOf = async (id: string) => (await ticketAggregates(database.connection).find(id))?.orderId;

test('poison is set aside, blocks nothing, is listed with its reason, and is handled once it can be', async () => {
  const poisoned = await listed();
  const poison = orderOf(poisoned).created;
  // What no code of ours expects: the database refuses to write this one.
  const refuse = (validator: object) => database.connection.db?.command({ collMod: 'tickets', validator });
  await refuse({ orderId: { $ne: poison.data.id } });

  await tap.say({ channel: OrderCreated.type, text: '\u0000\ufffdgarbage' });
  await tap.say({ channel: OrderCreated.type, text: JSON.stringify({ ...poison, data: { id: 'x' } }) });
  await tap.say(poison);
  const behind = await Promise.all(Array.from({ length: 100 }, listed));
  const orders = behind.map((id) => orderOf(id));
  for (const { created } of orders) await tap.say(created);

  // All behind it are handled while it is still being tried; more than one member's worth of unacknowledged messages.
  await eventually(async () => {
    expect(await Promise.all(behind.map(orderIdOf))).toEqual(orders.map(({ id }) => id));
    expect(await outcomesAt(service)).toMatchObject({ handled: 100, set_aside: 2 });
  });
  expect((await outcomesAt(service))['failed']).toBeGreaterThanOrEqual(1);
  // What has no chance is set aside at once, what may have one is tried five times.
  await eventually(async () => {
    expect(await outcomesAt(service)).toMatchObject({ set_aside: 3, failed: 4 });
  }, 40_000);

  const list = await runCommand(folder, env, ['set-aside', 'list']);
  expect(list).toMatchObject({ code: 0, output: expect.stringMatching(/\n3 set aside\n$/) });
  expect(list.output).toContain('The message is not JSON.');
  expect(list.output).toMatch(/order:created\/3\t.*\tattempts 5\t"Document failed validation"/);
  expect(list.output).toContain(JSON.stringify(poison));

  const again = await runCommand(folder, env, ['set-aside', 'replay', 'order:created/3', 'order:created/99']);
  expect(again).toMatchObject({
    code: 0,
    output:
      'order:created/3\tfailed again: Document failed validation\norder:created/99\tis not set aside\n3 set aside\n',
  });
  expect(await orderIdOf(poisoned)).toBeNull();

  await refuse({});
  const handled = await runCommand(folder, env, ['set-aside', 'replay']);
  expect(handled.output).toMatch(/order:created\/3\thandled\n2 set aside\n$/);
  expect(handled.output.match(/failed again/g)).toHaveLength(2);
  expect(await orderIdOf(poisoned)).toBe(poison.data.id);
  await eventually(() => {
    expect(tap.heard.find(({ subject }) => subject === poisoned)?.data).toMatchObject({
      orderId: poison.data.id,
    });
  });
}, 120_000);

test('a command that does not exist, or is used wrongly, says so and fails', async () => {
  expect(await runCommand(folder, env, ['set-aside', 'nonsense'])).toMatchObject({
    code: 1,
    output: expect.stringContaining('Usage: set-aside list'),
  });
  expect(await runCommand(folder, env, ['nonsense'])).toMatchObject({
    code: 2,
    output: expect.stringContaining('set-aside'),
  });
});
