// A buyer pays: claim, charge, record, announce. However many ask at once, and wherever it breaks off, one charge.
import { joinTrace, PaymentCreated, Unavailable, type Cause } from '@ticketing/common';
import { isDuplicateKey } from '@ticketing/common/store';
import { Types } from 'mongoose';
import type { OrderReplicas } from '../orders/order';
import type { Outcome, StripeCharges } from '../stripe/stripe-charges';
import { payableOrder } from './payable-order';
import { isUndone, mayBecome, restOf, type Payment, type Payments } from './payment';
import {
  ActionRequired,
  AlreadyPaid,
  CardDeclined,
  CardUnusable,
  OrderIsCancelled,
  PaymentInProgress,
} from './refusals';

export interface PayOrder {
  payments: Payments;
  orders: OrderReplicas;
  stripe: StripeCharges;
  /** Told of every answer of Stripe's about a card. */
  onOutcome?: (outcome: Outcome) => void;
}

export interface PaymentInput {
  orderId: string;
  token: string;
  /** What tells this request's attempt from others; see pay-once.ts. */
  tryId?: string;
}

// What is still claimed after that was probably left behind by a crash. Should it be alive after all, nothing is
// lost: both attempts confirm one and the same PaymentIntent, and Stripe charges that once.
export const claimMs = 10_000;

// The buyer reads first what the bank asks.
const firstLookMs = 2000;

/** @returns the charged payment */
export async function payOrder(
  deps: PayOrder,
  userId: string,
  input: PaymentInput,
  cause: Cause,
): Promise<Payment> {
  const { payments, stripe } = deps;
  const { orderId, token, tryId = null } = input;
  const { priceInCents, traceparent } = await payableOrder(deps.orders, userId, orderId);
  joinTrace(cause, traceparent);
  const claim = await claimOrder(payments, { orderId, userId, amountInCents: priceInCents, tryId }, cause);
  try {
    // Looked at again: a cancellation that came before the claim found no payment to cancel, and left its mark here.
    await payableOrder(deps.orders, userId, orderId);
    const stripeId = await openIntent(deps, claim, cause);
    const outcome = await stripe.charge(stripeId, token, keyOf(claim, 'charge'));
    deps.onOutcome?.(outcome);
    return await record(payments, { orderId, stripeId }, outcome, cause);
  } catch (error) {
    // Nobody works on this claim any more: the settlement may ask Stripe at once how it ended.
    await payments.change(
      orderId,
      (payment) => (isSame(payment, claim) ? { set: { dueAt: new Date() } } : undefined),
      cause,
    );
    throw error;
  }
}

/** One attempt at a time: the order's id as the payment's, and its version, let only one of all who ask through. */
async function claimOrder(
  payments: Payments,
  {
    orderId,
    userId,
    amountInCents,
    tryId,
  }: Pick<Payment, 'userId' | 'amountInCents'> & { orderId: string; tryId: string | null },
  cause: Cause,
): Promise<Payment> {
  const dueAt = new Date(Date.now() + claimMs);
  const first = {
    userId,
    amountInCents,
    status: 'claimed',
    attempt: 1,
    stripeId: null,
    dueAt,
    tryId,
    tries: 0,
  } as const;
  const again = await payments.change(
    orderId,
    (payment) => {
      if (payment.status === 'charged') throw new AlreadyPaid();
      if (payment.status === 'claimed') throw new PaymentInProgress();
      if (!mayBecome(payment, 'claimed')) throw new OrderIsCancelled();
      const set = { status: 'claimed', refusal: null, dueAt, tryId, tries: 0 } as const;
      return { set: { ...set, attempt: payment.attempt + 1 } };
    },
    cause,
  );
  if (again) return again;
  try {
    return await payments.create({ ...first, _id: new Types.ObjectId(orderId) }, undefined, cause);
  } catch (error) {
    if (isDuplicateKey(error)) throw new PaymentInProgress();
    throw error;
  }
}

export const keyOf = ({ _id, attempt }: Payment, step: 'open' | 'charge'): string =>
  `order-${String(_id)}-attempt-${attempt}-${step}`;

const isSame = (payment: Payment, claim: Payment): boolean =>
  payment.status === 'claimed' && payment.attempt === claim.attempt;

/** Known before it is charged: so that, whatever happens next, there is something to ask Stripe about. */
async function openIntent({ payments, stripe }: PayOrder, claim: Payment, cause: Cause): Promise<string> {
  if (claim.stripeId !== null) return claim.stripeId;
  const stripeId = await stripe.open(String(claim._id), claim.amountInCents, keyOf(claim, 'open'));
  const kept = await payments.change(
    String(claim._id),
    (payment) => (isSame(payment, claim) ? { set: { stripeId } } : undefined),
    cause,
  );
  if (kept?.stripeId === stripeId) return stripeId;
  // Taken from us in between: the intent stays unconfirmed, and nobody will ever charge it.
  if (kept && isUndone(kept)) throw new OrderIsCancelled();
  throw new Unavailable('Stripe took too long.');
}

async function record(
  payments: Payments,
  { orderId, stripeId }: { orderId: string; stripeId: string },
  outcome: Outcome,
  cause: Cause,
): Promise<Payment> {
  const payment = await payments.change(
    orderId,
    (current) => {
      const set = stateAfter(outcome, current);
      // Of another intent than this one, which was ended meanwhile, the outcome says nothing.
      if (current.stripeId !== stripeId || !mayBecome(current, set.status)) return undefined;
      return { set, ...(set.status === 'charged' && { announce: PaymentCreated }) };
    },
    cause,
  );
  // Cancelled while it was charged: the settlement pays back.
  if (!payment || isUndone(payment)) throw new OrderIsCancelled();
  if (outcome.is === 'charged') return payment;
  if (outcome.is === 'awaiting') throw new ActionRequired();
  throw outcome.why === 'declined' ? new CardDeclined(outcome.message) : new CardUnusable(outcome.message);
}

function stateAfter(outcome: Outcome, current: Payment) {
  if (outcome.is === 'charged') return { status: 'charged' as const };
  if (outcome.is === 'declined') {
    const { isEnded, message: refusal } = outcome;
    // Of no use to anybody any more: the next attempt makes another.
    if (isEnded) return { status: 'declined' as const, refusal, stripeId: null, isShared: false };
    return { status: restOf(current), refusal };
  }
  // From now on whoever asks for this payment is given the secret, to do what the bank wants.
  const dueAt = new Date(Date.now() + firstLookMs);
  return { status: 'awaiting' as const, isShared: true, dueAt, tries: 0 };
}
