// An order is cancelled: by its buyer, or because its time is up. One rule, three doors.
import { OrderCancelled } from '@ticketing/common';
import type { Change } from '@ticketing/common/store';
import type { OrderData } from '@ticketing/common';
import { mayBecome, type Order } from './order';

/** The decision; nothing when the order has ended already, one way or the other. */
export function cancel(order: Order): Change<Order, OrderData> | undefined {
  return mayBecome(order, 'cancelled')
    ? { set: { status: 'cancelled' }, announce: OrderCancelled }
    : undefined;
}
