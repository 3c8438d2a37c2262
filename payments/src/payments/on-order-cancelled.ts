// An order was cancelled: whatever was or is being charged for it has to be undone.
import type { CloudEvent, OrderData } from '@ticketing/common';
import { copyOrder } from '../orders/copy-order';
import type { OrderReplicas } from '../orders/order';
import { mayBecome, type Payments } from './payment';

/**
 * First the copy, then the payment: whoever claims the order in between looks at the copy once more, and finds it
 * cancelled. The undoing itself is the settlement's, which is woken.
 */
export async function onOrderCancelled(
  event: CloudEvent<OrderData>,
  { orders, payments, settle }: { orders: OrderReplicas; payments: Payments; settle: () => void },
): Promise<void> {
  await copyOrder(event.data, orders);
  const payment = await payments.change(
    event.data.id,
    (current) =>
      mayBecome(current, 'cancelling')
        ? { set: { status: 'cancelling', dueAt: new Date(), tries: 0 } }
        : undefined,
    event,
  );
  if (payment?.status === 'cancelling') settle();
}
