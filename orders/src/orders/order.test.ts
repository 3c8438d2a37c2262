// The rules of an order: what it may become, and what the database takes, whoever asks it.
import { orderStatuses } from '@ticketing/common';
import { newId } from '@ticketing/common/testing';
import { orderState, ordersSlice } from '../testing';
import { mayBecome, transitions } from './order';

const { fill } = ordersSlice();

const ticketOf = (id = newId()) => ({ ticket: { id, title: 'A concert', priceInCents: 1999 } });
const duplicate = { code: 11000 };

test('an order ends complete or cancelled, and then becomes nothing else', () => {
  for (const status of ['complete', 'cancelled'] as const) {
    for (const next of orderStatuses) expect(mayBecome(orderState({ status }), next)).toBe(false);
  }
  expect(Object.keys(transitions).sort()).toEqual([...orderStatuses].sort());
});

test.each(['created', 'awaiting:payment'] as const)('an order that is %s may become either', (status) => {
  expect(mayBecome(orderState({ status }), 'complete')).toBe(true);
  expect(mayBecome(orderState({ status }), 'cancelled')).toBe(true);
  expect(mayBecome(orderState({ status }), 'created')).toBe(false);
});

test.each([
  ['created', 'created'],
  ['created', 'awaiting:payment'],
  ['awaiting:payment', 'complete'],
  ['complete', 'created'],
] as const)('the database takes no order that is %s beside one that is %s', async (one, other) => {
  const ticket = ticketOf();
  await fill([{ ...ticket, status: one, sequence: 1 }]);
  await expect(fill([{ ...ticket, status: other, sequence: 2 }])).rejects.toMatchObject(duplicate);
});

test('the database takes any number of cancelled orders of a ticket, and one that is not', async () => {
  const ticket = ticketOf();
  const cancelled = [1, 2, 4].map((sequence) => ({ ...ticket, status: 'cancelled' as const, sequence }));
  expect(await fill([...cancelled, { ...ticket, sequence: 3 }])).toHaveLength(4);
});

test('the database takes no two orders of a ticket with one number, whatever became of them', async () => {
  const ticket = ticketOf();
  await fill([{ ...ticket, status: 'cancelled' }]);
  await expect(fill([{ ...ticket, status: 'cancelled' }])).rejects.toMatchObject(duplicate);
  await expect(fill([ticket])).rejects.toMatchObject(duplicate);
  expect(await fill([ticketOf()])).toHaveLength(1);
});
