// What an order is to its buyer, by what the server said and its clock.
import type { Order } from '../api/api';

export type OrderState = 'held' | 'running-out' | 'paid' | 'cancelled' | 'ended';

/**
 * `running-out`: the time is up, and orders has not yet said what came of it. An order that is cancelled before its time
 * was cancelled by its buyer; after it, only the end is known and not the reason.
 */
export function orderState({ status }: Order, leftMs: number): OrderState {
  if (status === 'complete') return 'paid';
  if (status === 'cancelled') return leftMs > 0 ? 'cancelled' : 'ended';
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
