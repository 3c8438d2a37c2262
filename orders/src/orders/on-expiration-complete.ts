// An order's time is up: it is cancelled, unless it ended before.
import { setTimeout as sleep } from 'node:timers/promises';
import { inBatches, type CloudEvent } from '@ticketing/common';
import { expire } from './cancel-order';
import type { Order, Orders } from './order';

/** How far another machine's clock may run ahead of ours; less than a message's ackWait. */
const maxClockSkewMs = 3000;

type Expiration = CloudEvent<{ orderId: string }>;

/**
 * Orders often expire together, so they are cancelled together. What comes earlier than a clock can be wrong is not
 * believed: the reconciliation sees to that order in time.
 */
export function onExpirationComplete(orders: Orders): (event: Expiration) => Promise<void> {
  const early = new Map<string, number>();
  const expireInTime = (order: Order) => {
    const earlyMs = order.expiresAt.getTime() - Date.now();
    if (earlyMs <= 0) return expire(order);
    early.set(String(order._id), earlyMs);
    return undefined;
  };
  const expireTogether = inBatches<Expiration>(async (events) => {
    const causes = new Map(events.map((event) => [event.data.orderId, event]));
    const failures = await orders.changeMany(causes, expireInTime);
    return events.map(({ data }) => failures.get(data.orderId));
  });
  return async (event) => {
    const { orderId } = event.data;
    await expireTogether(event);
    const earlyMs = early.get(orderId);
    early.delete(orderId);
    if (earlyMs === undefined || earlyMs > maxClockSkewMs) return;
    // One more: a timer may fire up to a millisecond before its time by the clock.
    await sleep(earlyMs + 1);
    await orders.change(orderId, expireInTime, event);
    early.delete(orderId);
  };
}
