// A payment arrived: the order is complete. If it was cancelled before, payments hears of that and pays back.
import { OrderCompleted, type CloudEvent } from '@ticketing/common';
import { mayBecome, type Orders } from './order';

export async function onPaymentCreated(
  event: CloudEvent<{ orderId: string }>,
  orders: Orders,
): Promise<void> {
  await orders.change(
    event.data.orderId,
    (order) =>
      mayBecome(order, 'complete') ? { set: { status: 'complete' }, announce: OrderCompleted } : undefined,
    event,
  );
}
