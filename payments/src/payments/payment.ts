// The payment: what payments owns. One for an order, with the order's own id: there can be no second one.
import type { PaymentData } from '@ticketing/common';
import { aggregate, Aggregates, defineModel, type AggregateState } from '@ticketing/common/store';
import { Schema, type Connection } from 'mongoose';

export const paymentStatuses = [
  'claimed',
  'declined',
  'charged',
  'cancelling',
  'refunded',
  'voided',
] as const;

/**
 * - claimed: one attempt is under way, and no other may begin
 * - declined: no attempt has charged; another may begin
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
  /** When the settlement should look at it, if it is still claimed or cancelling by then. */
  dueAt: Date;
  /** How often the settlement has looked in vain. */
  tries: number;
}

/** From which state a payment may pass to which. */
export const transitions: Record<PaymentStatus, readonly PaymentStatus[]> = {
  claimed: ['declined', 'charged', 'cancelling'],
  declined: ['claimed', 'charged', 'cancelling'],
  charged: ['cancelling'],
  cancelling: ['refunded', 'voided'],
  refunded: [],
  voided: [],
};

export const mayBecome = (payment: Payment, status: PaymentStatus): boolean =>
  transitions[payment.status].includes(status);

/** What the settlement sees to. */
export const unsettledStatuses = ['claimed', 'cancelling'] as const satisfies PaymentStatus[];

const schema = new Schema<Payment>({
  userId: { type: String, required: true },
  amountInCents: { type: Number, required: true },
  status: { type: String, required: true, enum: paymentStatuses },
  attempt: { type: Number, required: true },
  stripeId: { type: String, default: null },
  dueAt: { type: Date, required: true },
  tries: { type: Number, required: true },
})
  .plugin(aggregate)
  // As small as what is unsettled.
  .index(
    { dueAt: 1 },
    { name: 'unsettled', partialFilterExpression: { status: { $in: unsettledStatuses } } },
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
