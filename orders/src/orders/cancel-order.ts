// An order is cancelled: by its buyer, or because its time is up. One rule, three doors.
import { OrderCancelled } from '@ticketing/common';
import type { Change } from '@ticketing/common/store';
import type { CancelReason, OrderData } from '@ticketing/common';
import { mayBecome, type Order } from './order';

/** The decision; nothing when the order has ended already, one way or the other. */
export function cancel(order: Order, cancelReason: CancelReason): Change<Order, OrderData> | undefined {
  if (!mayBecome(order, 'cancelled')) return undefined;
  return { set: { status: 'cancelled', cancelReason, cancelledAt: new Date() }, announce: OrderCancelled };
}

/** Its time is up. */
export const expire = (order: Order): Change<Order, OrderData> | undefined => cancel(order, 'expired');
