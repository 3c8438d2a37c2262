// Which orders can be paid, by whom, and until when: asked of the copy before anything is asked of Stripe.
import { isOpen } from '@ticketing/common';
import type { OrderReplica, OrderReplicas } from '../orders/order';
import { AlreadyPaid, NotTheBuyer, OrderHasExpired, OrderIsCancelled, OrderNotFound } from './refusals';

export async function payableOrder(
  orders: OrderReplicas,
  userId: string,
  orderId: string,
): Promise<OrderReplica> {
  const order = await ownOrder(orders, userId, orderId);
  if (order.status === 'complete') throw new AlreadyPaid();
  if (!isOpen(order.status)) throw new OrderIsCancelled();
  if (order.expiresAt.getTime() <= Date.now()) throw new OrderHasExpired();
  return order;
}

/** An order of the caller's, in whatever state. */
export async function ownOrder(
  orders: OrderReplicas,
  userId: string,
  orderId: string,
): Promise<OrderReplica> {
  const order = await orders.find(orderId);
  if (!order) throw new OrderNotFound();
  if (order.userId !== userId) throw new NotTheBuyer();
  return order;
}
