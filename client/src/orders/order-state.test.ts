import type { Order } from '../api/api';
import { isOpen, leftAt, orderState } from './order-state';

const order = (status: Order['status']): Order => ({
  id: '1',
  status,
  expiresAt: '2026-11-21T12:01:00.000Z',
  version: 1,
  ticket: { id: '2', title: 'A concert', price: 1 },
});

test.each<[Order['status'], number, string]>([
  ['created', 1, 'held'],
  ['awaiting:payment', 1, 'held'],
  ['created', 0, 'running-out'],
  ['complete', 1, 'paid'],
  ['complete', -1, 'paid'],
  ['cancelled', 1, 'cancelled'],
  ['cancelled', -1, 'ended'],
])('%s with %d ms left is %s', (status, leftMs, state) => {
  expect(orderState(order(status), leftMs)).toBe(state);
});

test.each<[Order['cancelReason'], number, string]>([
  ['expired', 1, 'ended'],
  ['expired', -1, 'ended'],
  ['cancelled', 1, 'cancelled'],
  ['cancelled', -1, 'cancelled'],
])('cancelled because %s, with %d ms left, is %s', (cancelReason, leftMs, state) => {
  expect(orderState({ ...order('cancelled'), ...(cancelReason && { cancelReason }) }, leftMs)).toBe(state);
});

test('an order is open until it is paid or cancelled', () => {
  expect(
    ['created', 'awaiting:payment', 'complete', 'cancelled'].map((s) => isOpen(order(s as 'created'))),
  ).toEqual([true, true, false, false]);
});

test('what is left is counted by the server’s clock, in the middle of the second it names', () => {
  expect(leftAt(order('created'), Date.parse('2026-11-21T12:00:30.000Z'))).toBe(29_500);
});
