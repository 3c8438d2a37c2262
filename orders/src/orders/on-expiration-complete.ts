// An order's time is up: it is cancelled, unless it ended before.
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudEvent } from '@ticketing/common';
import { cancel } from './cancel-order';
import type { Order, Orders } from './order';

/** How far another machine's clock may run ahead of ours; less than a message's ackWait. */
const maxClockSkewMs = 3000;

/** What comes earlier than a clock can be wrong is not believed: the reconciliation sees to that order in time. */
export async function onExpirationComplete(
  event: CloudEvent<{ orderId: string }>,
  orders: Orders,
): Promise<void> {
  let earlyMs = 0;
  const expire = (order: Order) => {
    earlyMs = order.expiresAt.getTime() - Date.now();
    return earlyMs > 0 ? undefined : cancel(order);
  };
  await orders.change(event.data.orderId, expire, event);
  if (earlyMs <= 0 || earlyMs > maxClockSkewMs) return;
  // One more: a timer may fire up to a millisecond before its time by the clock.
  await sleep(earlyMs + 1);
  await orders.change(event.data.orderId, expire, event);
}
