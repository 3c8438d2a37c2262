import { ordersSlice } from '../testing';
import { countOpen, isOpenOrder } from './count-open';

const { orders, connection, fill } = ordersSlice();

test('counts orders that hold a ticket and are not paid, overdue ones too', async () => {
  expect(await countOpen(orders)).toBe(0);
  await fill(
    [
      { status: 'created' },
      { status: 'created', expiresAt: new Date(Date.now() - 60_000) },
      { status: 'awaiting:payment' },
      { status: 'complete' },
      { status: 'cancelled' },
    ].map((state, n) => ({
      ...state,
      ticket: { id: String(n).padStart(24, '0'), title: 'A', priceInCents: 1 },
    })) as never,
  );
  expect(await countOpen(orders)).toBe(3);
});

test('looks at what is open only, by the index', async () => {
  const plan = JSON.stringify(
    await connection.collection('orders').find(isOpenOrder).explain('queryPlanner'),
  );
  expect(plan).toContain('"indexName":"open"');
  expect(plan).not.toContain('COLLSCAN');
});
