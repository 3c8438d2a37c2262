// The settlement: finishes what an attempt left open, and undoes what a cancellation crossed. It asks Stripe what
// is true, so it may run at any time, anywhere, any number of times.
import { newCause, PaymentCreated, type Cause, type PaymentData } from '@ticketing/common';
import type { Change } from '@ticketing/common/store';
import type { Intent, StripeCharges } from '../stripe/stripe-charges';
import {
  mayBecome,
  restOf,
  unsettledStatuses,
  type Payment,
  type Payments,
  type PaymentStatus,
} from './payment';

const batchSize = 50;
const firstPauseMs = 1000;
const maxPauseMs = 60_000;

export interface Settlement {
  payments: Payments;
  stripe: Pick<StripeCharges, 'look' | 'end' | 'refund'>;
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
    const verdict =
      payment.status === 'cancelling' ? await undo(payment, deps) : await askHowItEnded(payment, deps);
    if (!verdict) return true;
    await carryOut(verdict, payment, deps.payments, newCause());
    deps.onSettled(verdict.status);
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

/** What is true by Stripe, where that is news. */
export type Verdict = { status: PaymentStatus } & Partial<Pick<Payment, 'stripeId' | 'isShared' | 'refusal'>>;

/** An attempt was left behind, or a browser has the intent: what Stripe says is what happened. */
async function askHowItEnded(payment: Payment, { stripe }: Settlement): Promise<Verdict | undefined> {
  return verdictOn(payment, payment.stripeId === null ? undefined : await stripe.look(payment.stripeId));
}

export function verdictOn(payment: Payment, intent: Intent | undefined): Verdict | undefined {
  // Without an intent nothing can have been charged. One that was cancelled never can be: there may be another.
  if (!intent || intent.state === 'ended') return { status: 'declined', stripeId: null, isShared: false };
  if (intent.state === 'charged') return { status: 'charged' };
  const status = restOf(payment);
  if (intent.state === 'pending' || status === payment.status) return undefined;
  return { status, refusal: intent.refusal };
}

/** The order is cancelled: no charge may stand, nor come. */
async function undo({ _id, stripeId, tries }: Payment, { stripe }: Settlement): Promise<Verdict | undefined> {
  if (stripeId === null) return { status: 'voided' };
  const { state } = await stripe.look(stripeId);
  if (state === 'pending') return undefined;
  if (state === 'charged') {
    await stripe.refund(stripeId, `order-${String(_id)}-refund-${tries}`);
    return { status: 'refunded' };
  }
  // A browser that was faster makes this fail; the next look finds the charge, and pays it back.
  if (state === 'open') await stripe.end(stripeId);
  return { status: 'voided' };
}

/** @param asked the payment whose intent Stripe was asked about; of another intent the verdict says nothing */
export const carryOut = (
  verdict: Verdict,
  asked: Payment,
  payments: Payments,
  cause: Cause,
): Promise<Payment | undefined> =>
  payments.change(
    String(asked._id),
    (current): Change<Payment, PaymentData> | undefined => {
      if (current.stripeId !== asked.stripeId || !mayBecome(current, verdict.status)) return undefined;
      return { set: verdict, ...(verdict.status === 'charged' && { announce: PaymentCreated }) };
    },
    cause,
  );
