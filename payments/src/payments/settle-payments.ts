// The settlement: finishes what an attempt left open, and undoes what a cancellation crossed. It asks Stripe what
// is true, so it may run at any time, anywhere, any number of times.
import { newCause, PaymentCreated } from '@ticketing/common';
import type { Change } from '@ticketing/common/store';
import type { PaymentData } from '@ticketing/common';
import type { StripeCharges } from '../stripe/stripe-charges';
import { mayBecome, unsettledStatuses, type Payment, type Payments, type PaymentStatus } from './payment';

const batchSize = 50;
const firstPauseMs = 1000;
const maxPauseMs = 60_000;

export interface Settlement {
  payments: Payments;
  stripe: Pick<StripeCharges, 'state' | 'end' | 'refund'>;
  /** Told of a payment that could not be settled; it stays due and is tried again, at ever longer intervals. */
  onFailure: (payment: Payment, error: unknown) => void;
  onSettled: (status: PaymentStatus) => void;
}

/** Settles whatever is due. Money is never given up on: what fails comes again, at most a minute later. */
export async function settlePayments(deps: Settlement): Promise<void> {
  for (let isMore = true; isMore;) {
    const due = await duePayments(deps.payments);
    const taken = await Promise.all(due.map((payment) => settle(payment, deps)));
    // What was taken is due no longer; with none taken it would be the same ones again.
    isMore = due.length === batchSize && taken.includes(true);
  }
}

/** The query behind it, answered by the index `unsettled`. */
export const duePayments = ({ model }: Payments) =>
  model
    .find({ status: { $in: unsettledStatuses }, dueAt: { $lte: new Date() } })
    .sort({ dueAt: 1 })
    .limit(batchSize)
    .lean<Payment[]>();

/** @returns whether it was ours to settle this time */
async function settle(found: Payment, deps: Settlement): Promise<boolean> {
  let payment: Payment | undefined;
  try {
    payment = await take(found, deps.payments);
    if (!payment) return false;
    const status =
      payment.status === 'cancelling' ? await undo(payment, deps) : await askHowItEnded(payment, deps);
    if (!status) return true;
    await deps.payments.change(String(payment._id), (current) => become(current, status), newCause());
    deps.onSettled(status);
  } catch (error) {
    deps.onFailure(found, error);
  }
  return payment !== undefined;
}

/** Puts it off, so that no other replica looks at it meanwhile, and nobody too often. */
async function take({ _id, version, tries }: Payment, payments: Payments): Promise<Payment | undefined> {
  const dueAt = new Date(Date.now() + Math.min(firstPauseMs * 2 ** tries, maxPauseMs));
  const payment = await payments.change(
    String(_id),
    (current) => (current.version === version ? { set: { dueAt, tries: tries + 1 } } : undefined),
    newCause(),
  );
  return payment?.dueAt === dueAt ? payment : undefined;
}

/** An attempt was left behind: what Stripe says is what happened. */
async function askHowItEnded(
  { stripeId }: Payment,
  { stripe }: Settlement,
): Promise<PaymentStatus | undefined> {
  // Without an intent nothing can have been charged.
  if (stripeId === null) return 'declined';
  const state = await stripe.state(stripeId);
  if (state === 'charged') return 'charged';
  return state === 'pending' ? undefined : 'declined';
}

/** The order is cancelled: no charge may stand, nor come. */
async function undo(
  { _id, stripeId, tries }: Payment,
  { stripe }: Settlement,
): Promise<PaymentStatus | undefined> {
  if (stripeId === null) return 'voided';
  const state = await stripe.state(stripeId);
  if (state === 'pending') return undefined;
  if (state === 'charged') {
    await stripe.refund(stripeId, `order-${String(_id)}-refund-${tries}`);
    return 'refunded';
  }
  if (state === 'open') await stripe.end(stripeId);
  return 'voided';
}

function become(payment: Payment, status: PaymentStatus): Change<Payment, PaymentData> | undefined {
  if (!mayBecome(payment, status)) return undefined;
  return { set: { status }, ...(status === 'charged' && { announce: PaymentCreated }) };
}
