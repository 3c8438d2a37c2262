// The payment: what payments owns. One for an order, with the order's own id: there can be no second one.
import type { PaymentData } from '@ticketing/common';
import { aggregate, Aggregates, defineModel, type AggregateState } from '@ticketing/common/store';
import { Schema, type Connection } from 'mongoose';

export const paymentStatuses = [
  'claimed',
  'awaiting',
  'declined',
  'charged',
  'cancelling',
  'refunded',
  'voided',
] as const;

/**
 * - claimed: one attempt is under way, and no other may begin
 * - awaiting: a browser has the intent's secret and may have it charged at any moment; another attempt may begin
 * - declined: no attempt has charged, nor will; another may begin
 * - charged: paid
 * - cancelling: the order was cancelled; whatever Stripe has done is being undone
 * - refunded, voided: it was charged and paid back in full; it was never charged, nor can be
 */
export type PaymentStatus = (typeof paymentStatuses)[number];

export interface Payment extends AggregateState {
  userId: string;
  amountInCents: number;
  status: PaymentStatus;
  /** Counts the attempts to charge, from 1; part of the idempotency key. */
  attempt: number;
  /** Stripe's PaymentIntent: one for an order, so that Stripe too can charge it once only. */
  stripeId: string | null;
  /** A browser was given the intent's secret: it asks Stripe, not us, to charge it. Absent: nobody has it. */
  isShared?: boolean;
  /** Why the last card was refused, in words for people, where a card was. */
  refusal?: string | null;
  /** When the settlement should look at it, if it is still unsettled by then. */
  dueAt: Date;
  /** Which request made the last attempt, if it came with an Idempotency-Key; see pay-once.ts. */
  tryId?: string | null;
  /** How often the settlement has looked in vain. */
  tries: number;
}

/** From which state a payment may pass to which. */
export const transitions: Record<PaymentStatus, readonly PaymentStatus[]> = {
  claimed: ['awaiting', 'declined', 'charged', 'cancelling'],
  awaiting: ['claimed', 'declined', 'charged', 'cancelling'],
  declined: ['claimed', 'awaiting', 'charged', 'cancelling'],
  charged: ['cancelling'],
  cancelling: ['refunded', 'voided'],
  refunded: [],
  voided: [],
};

export const mayBecome = (payment: Payment, status: PaymentStatus): boolean =>
  transitions[payment.status].includes(status);

/** Where a payment rests when no attempt of ours is under way and its intent is still open. */
export const restOf = ({ isShared }: Payment) => (isShared ? ('awaiting' as const) : ('declined' as const));

/** Its order was cancelled: nothing stands, or soon will. */
export const isUndone = ({ status }: Payment): boolean =>
  status === 'cancelling' || status === 'refunded' || status === 'voided';

/** What the settlement sees to. */
export const unsettledStatuses = ['claimed', 'awaiting', 'cancelling'] as const satisfies PaymentStatus[];

const schema = new Schema<Payment>({
  userId: { type: String, required: true },
  amountInCents: { type: Number, required: true },
  status: { type: String, required: true, enum: paymentStatuses },
  attempt: { type: Number, required: true },
  stripeId: { type: String, default: null },
  isShared: { type: Boolean },
  refusal: { type: String },
  dueAt: { type: Date, required: true },
  tryId: { type: String },
  tries: { type: Number, required: true },
})
  .plugin(aggregate)
  // As small as what is unsettled. An index of another filter needs another name, where there is data already.
  .index(
    { dueAt: 1 },
    { name: 'unsettled_or_awaiting', partialFilterExpression: { status: { $in: unsettledStatuses } } },
  );

export type Payments = Aggregates<Payment, PaymentData>;

export const paymentAggregates = (connection: Connection): Payments =>
  new Aggregates(defineModel<Payment>(connection, 'Payment', schema, 'payments'), {
    source: 'payments',
    describe: ({ _id, version, amountInCents, stripeId }) => ({
      id: String(_id),
      version,
      orderId: String(_id),
      stripeId: stripeId ?? '',
      amountInCents,
    }),
  });
