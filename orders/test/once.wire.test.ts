// kill -9 while orders with an Idempotency-Key are placed: sent again they all have an answer, and one order each.
import { resolve } from 'node:path';
import { createLogger } from '@ticketing/common';
import { Database } from '@ticketing/common/store';
import { cookieFor, eventually, newId, ServiceProcess, ticketData } from '@ticketing/common/testing';
import request from 'supertest';
import { orderAggregates } from '../src/orders/order';
import { ordersEnv, type OrderView } from '../src/testing';
import { copyTicket } from '../src/tickets/copy-ticket';
import { ticketReplicas } from '../src/tickets/ticket';

/** How long the key of a dead request is held, and some. */
const leaseMs = 15_000;
const folder = resolve(__dirname, '..');
const env = ordersEnv(1);
const database = new Database(String(env['MONGO_URI']), createLogger('test', 'test', 'silent'));
let service: ServiceProcess;
afterAll(async () => {
  await service.kill();
  await database.stop();
});

interface Sending {
  ticketId: string;
  buyer: string;
  key: string;
}
const send = ({ ticketId, buyer, key }: Sending) =>
  request(`http://127.0.0.1:${service.port}`)
    .post('/api/orders')
    .set({ Cookie: cookieFor(buyer), 'Idempotency-Key': key })
    .send({ ticketId });

test('a key whose request was killed is answered within its lease, with the one order it made', async () => {
  await database.start();
  const tickets = Array.from({ length: 120 }, () => ticketData());
  await Promise.all(tickets.map((data) => copyTicket(data, ticketReplicas(database.connection))));
  const sendings = tickets.map(({ id }) => ({ ticketId: id, buyer: newId(), key: newId() }));
  service = await ServiceProcess.start(folder, env);

  const answered = new Map<string, string>();
  const first = sendings.map(async (sending) => {
    const answer = await send(sending).catch(() => undefined);
    if (answer?.status === 201) answered.set(sending.key, (answer.body as OrderView).id);
  });
  const keys = database.connection.collection('idempotency_keys');
  await eventually(async () => {
    expect(await keys.countDocuments({ answer: { $exists: true } })).toBeGreaterThan(5);
  });
  await service.kill();
  await Promise.all(first);
  // Otherwise nothing was killed in the middle of anything.
  const inFlight = await keys.countDocuments({ answer: { $exists: false } });
  expect(inFlight).toBeGreaterThan(0);

  service = await ServiceProcess.start(folder, env);
  await Promise.all(
    sendings.map(async (sending) => {
      const answer = await eventually(async () => {
        const again = await send(sending);
        if (again.status !== 201) expect(again.status).toBe(409);
        expect(again.status).toBe(201);
        return again.body as OrderView;
      }, leaseMs + 15_000);
      // What was answered before is answered still.
      expect(answered.get(sending.key) ?? answer.id).toBe(answer.id);
      const placed = await orderAggregates(database.connection).model.find({ userId: sending.buyer }).lean();
      expect(placed.map(({ _id }) => String(_id))).toEqual([answer.id]);
    }),
  );
}, 90_000);
