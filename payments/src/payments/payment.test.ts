// The rules of a payment's life.
import { mayBecome, paymentStatuses, transitions, type Payment, type PaymentStatus } from './payment';

const reachableFrom = (status: PaymentStatus, seen = new Set<PaymentStatus>()): Set<PaymentStatus> => {
  for (const next of transitions[status]) {
    if (seen.has(next)) continue;
    seen.add(next);
    reachableFrom(next, seen);
  }
  return seen;
};

test('what is cancelled never becomes charged, nor open to another attempt', () => {
  for (const status of ['cancelling', 'refunded', 'voided'] as const) {
    const later = reachableFrom(status);
    for (const forbidden of ['claimed', 'awaiting', 'declined', 'charged'] as const)
      expect(later).not.toContain(forbidden);
  }
});

test('what is charged is never charged again', () => {
  for (const status of ['claimed', 'awaiting', 'charged'] as const)
    expect(reachableFrom('charged')).not.toContain(status);
});

test('a cancellation can reach a payment in every state but those it leads to', () => {
  const reached = paymentStatuses.filter((status) => mayBecome({ status } as Payment, 'cancelling'));
  expect(reached).toEqual(['claimed', 'awaiting', 'declined', 'charged']);
});

test('the ends are ends', () => {
  expect(transitions.refunded).toEqual([]);
  expect(transitions.voided).toEqual([]);
});
