// What an order is to its buyer, by what the server said and its clock.
import type { Order } from '../api/api';

export type OrderState = 'held' | 'running-out' | 'paid' | 'cancelled' | 'ended';

/** `running-out`: the time is up, and orders has not yet said what came of it. */
export function orderState({ status, cancelReason }: Order, leftMs: number): OrderState {
  if (status === 'complete') return 'paid';
  if (status === 'cancelled') {
    // Where no reason was kept: before its time only its buyer can have cancelled it; after, the end is all that is known.
    return (cancelReason ?? (leftMs > 0 ? 'cancelled' : 'expired')) === 'cancelled' ? 'cancelled' : 'ended';
  }
  return leftMs > 0 ? 'held' : 'running-out';
}

export const isOpen = ({ status }: Order): boolean => status === 'created' || status === 'awaiting:payment';

export const orderWords: Record<OrderState, string> = {
  held: 'On hold',
  'running-out': 'Time is up',
  paid: 'Paid',
  cancelled: 'Cancelled',
  ended: 'Hold ended',
};

/** How long a hold still lasted when an answer was written: by the clock of the server that wrote it. */
export const leftAt = (order: Order, serverTime: number | undefined): number =>
  Date.parse(order.expiresAt) - (serverTime === undefined ? Date.now() : serverTime + 500);
