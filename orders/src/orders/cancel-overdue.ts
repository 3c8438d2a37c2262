// The safety net of expiry: whatever happened to its job, an order past its time is noticed here and cancelled.
import { newCause, openStatuses } from '@ticketing/common';
import { expire } from './cancel-order';
import type { Order, Orders } from './order';

/** How long expiration may take before this steps in. */
export const graceMs = 3000;

const batchSize = 200;

/** Cancels orders that are open `graceMs` past their time, the most overdue first. @returns how many it looked at */
export async function cancelOverdue(orders: Orders, now = Date.now()): Promise<number> {
  let total = 0;
  for (let found = batchSize; found === batchSize; total += found) {
    const overdue = await orders.model
      .find({ status: { $in: openStatuses }, expiresAt: { $lt: new Date(now - graceMs) } }, { _id: 1 })
      .sort({ expiresAt: 1 })
      .limit(batchSize)
      .lean<Pick<Order, '_id'>[]>()
      .exec();
    await orders.changeMany(new Map(overdue.map(({ _id }) => [String(_id), newCause()])), expire);
    found = overdue.length;
  }
  return total;
}
