// A payment that is asked for again with the same Idempotency-Key, after a crash ended the first try before its answer was
// kept: if that try has charged after all, this is its answer, and not "paid already".
import type { Cause } from '@ticketing/common';
import type { Once } from '@ticketing/common/idempotency';
import type { Payment } from './payment';
import { payOrder, type PaymentInput, type PayOrder } from './pay-order';
import { AlreadyPaid } from './refusals';

export async function payOnce(
  deps: PayOrder,
  userId: string,
  { once, ...input }: PaymentInput & { once: Once | undefined },
  cause: Cause,
): Promise<Payment> {
  if (!once) return payOrder(deps, userId, input, cause);
  try {
    return await payOrder(deps, userId, { ...input, tryId: once.id }, cause);
  } catch (error) {
    const payment = error instanceof AlreadyPaid ? await deps.payments.find(input.orderId) : undefined;
    if (payment?.status === 'charged' && payment.tryId === once.id) return payment;
    throw error;
  }
}
