// The copy of an order, whatever order its events come in.
import { createLogger, OrderCompleted, OrderCreated, type OrderData } from '@ticketing/common';
import { Database } from '@ticketing/common/store';
import { eventOf, newId, orderData, testMongoUri } from '@ticketing/common/testing';
import { copyOrder } from './copy-order';
import { orderReplicas } from './order';

const database = new Database(testMongoUri('payments'), createLogger('payments', 'test', 'silent'));
const orders = orderReplicas(database.connection);

beforeAll(() => database.start());
afterAll(() => database.stop());

const copyOf = (id: string) => orders.find(id);
const history = () => {
  const created = orderData();
  const waiting: OrderData = { ...created, version: 1, status: 'awaiting:payment' };
  const complete: OrderData = { ...created, version: 2, status: 'complete' };
  return [eventOf(OrderCreated, created), eventOf(OrderCreated, waiting), eventOf(OrderCompleted, complete)];
};

test('an order never heard of is copied: whose it is, what it costs, until when', async () => {
  const order = orderData({ ticket: { id: newId(), title: 'A concert', priceInCents: 435 } });
  await copyOrder(order, orders);
  expect(await copyOf(order.id)).toEqual({
    _id: expect.anything(),
    version: 0,
    status: 'created',
    userId: order.userId,
    expiresAt: new Date(order.expiresAt),
    ticketId: order.ticket.id,
    priceInCents: 435,
  });
});

test('an event that comes twice changes nothing the second time', async () => {
  const order = orderData();
  await copyOrder(order, orders);
  await copyOrder({ ...order, status: 'cancelled' }, orders);
  expect(await copyOf(order.id)).toMatchObject({ version: 0, status: 'created' });
});

test('the cancellation of an order never heard of is kept, and its creation after it changes nothing', async () => {
  const order = orderData();
  const cancelled: OrderData = { ...order, status: 'cancelled', version: 1 };
  await copyOrder(cancelled, orders);
  await copyOrder(order, orders);
  expect(await copyOf(order.id)).toMatchObject({ version: 1, status: 'cancelled' });
});

test.each([
  [[0, 1, 2]],
  [[0, 2, 1]],
  [[1, 0, 2]],
  [[1, 2, 0]],
  [[2, 0, 1]],
  [[2, 1, 0]],
  [[2, 2, 0, 1, 0, 2, 1]],
])('shuffled events %j end at the newest', async (sequence) => {
  const events = history();
  for (const index of sequence) await copyOrder(events[index]?.data ?? orderData(), orders);
  expect(await copyOf(String(events[0]?.data.id))).toMatchObject({ version: 2, status: 'complete' });
});

test('all events of an order at once end at the newest', async () => {
  for (let round = 0; round < 20; round++) {
    const events = history();
    await Promise.all([...events, ...events].map(({ data }) => copyOrder(data, orders)));
    expect(await copyOf(String(events[0]?.data.id))).toMatchObject({ version: 2, status: 'complete' });
  }
});
