// Messages that cannot be handled are set aside, block nothing behind them, and can be handled later.
import { resolve } from 'node:path';
import { TicketCreated } from '@ticketing/common';
import { Database } from '@ticketing/common/store';
import {
  eventually,
  newId,
  outcomesAt,
  runCommand,
  TestServer,
  ticketData,
  WireTap,
} from '@ticketing/common/testing';
import { createdTicket, ordersEnv, ordersFrom, paymentOf, updatedTicket } from '../src/testing';
import { copyTicket } from '../src/tickets/copy-ticket';
import { ticketReplicas } from '../src/tickets/ticket';

const folder = resolve(__dirname, '..');
let broker: TestServer;
let env: NodeJS.ProcessEnv;
let tap: WireTap;
let service: ReturnType<typeof ordersFrom>;
let database: Database;

beforeAll(async () => {
  broker = await TestServer.broker();
  env = ordersEnv(broker.port);
  service = ordersFrom(env);
  database = new Database(String(env['MONGO_URI']), service.logger);
  await service.start();
  await database.start();
  tap = await new WireTap(broker.port).start();
});
afterAll(async () => {
  await tap.stop();
  await database.stop();
  await service.stop();
  await broker.stop();
});

const copyOf = (id: string) => ticketReplicas(database.connection).find(id);
/** From now on the database refuses to write what does not fit. */
const refuse = (validator: object) => database.connection.db?.command({ collMod: 'tickets', validator });

test('poison is set aside, blocks nothing, is listed with its reason, and is handled once it can be', async () => {
  // The collection is there from its first ticket on.
  await copyTicket(ticketData(), ticketReplicas(database.connection));
  await refuse({ title: { $ne: 'Poison' } });
  const poison = createdTicket({ title: 'Poison' });
  await tap.say({ channel: TicketCreated.type, text: '{"specversion":"1.0",' });
  await tap.say({
    channel: TicketCreated.type,
    text: JSON.stringify({ ...poison, data: { id: { $gt: '' } } }),
  });
  await tap.say(poison);
  const behind = Array.from({ length: 100 }, () => createdTicket());
  for (const event of behind) await tap.say(event);
  // Nor is another channel held up.
  await tap.say(paymentOf(newId()));

  await eventually(async () => {
    expect(await outcomesAt(service)).toMatchObject({ handled: 101, set_aside: 2 });
  });
  expect(await ticketReplicas(database.connection).model.countDocuments()).toBe(101);
  expect((await outcomesAt(service))['failed']).toBeGreaterThanOrEqual(1);
  await eventually(async () => {
    expect(await outcomesAt(service)).toMatchObject({ set_aside: 3, failed: 4 });
  }, 40_000);

  const list = await runCommand(folder, env, ['set-aside', 'list']);
  expect(list).toMatchObject({ code: 0, output: expect.stringMatching(/\n3 set aside\n$/) });
  expect(list.output).toMatch(/ticket:created\/3\t.*\tattempts 5\t"Document failed validation"/);
  expect(list.output).toContain(JSON.stringify(poison));

  // A newer state came in the meantime: the old one, replayed, must not undo it.
  const newer = updatedTicket({ ...poison.data, version: 1, title: 'Renamed' });
  await tap.say(newer);
  await eventually(async () => {
    expect(await copyOf(poison.data.id)).toMatchObject({ title: 'Renamed', version: 1 });
  });
  await refuse({});
  const handled = await runCommand(folder, env, ['set-aside', 'replay', 'ticket:created/3']);
  expect(handled).toEqual({ code: 0, output: 'ticket:created/3\thandled\n2 set aside\n' });
  expect(await copyOf(poison.data.id)).toMatchObject({ title: 'Renamed', version: 1 });
}, 120_000);
