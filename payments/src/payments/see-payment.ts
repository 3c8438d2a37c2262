// How an order's payment stands, for whoever lost an answer or waits for one. What is in a browser's hands is asked of
// Stripe itself, so this is right though no webhook ever comes.
import { joinTrace, type Cause } from '@ticketing/common';
import type { Intent } from '../stripe/stripe-charges';
import type { PayOrder } from './pay-order';
import { ownOrder } from './payable-order';
import type { Payment, PaymentStatus } from './payment';
import { carryOut, verdictOn } from './settle-payments';

/**
 * - none: nothing is charged, nor being charged
 * - pending: being charged, or being undone
 * - requires_action: the bank asks the card's holder to confirm
 * - refused: the last card was refused; another may pay
 * - paid; refunded: paid back in full
 */
export type PaymentWord = 'none' | 'pending' | 'requires_action' | 'refused' | 'paid' | 'refunded';

export interface PaymentView {
  /** The order's own id: an order has one payment. */
  id: string;
  orderId: string;
  status: PaymentWord;
  /** While a browser may have the intent charged. */
  clientSecret?: string;
  /** With the emulator, while it requires an action: the page that stands for the bank's. */
  actionUrl?: string;
  message?: string;
}

export async function seePayment(
  { payments, orders, stripe, onOutcome }: PayOrder,
  userId: string,
  orderId: string,
  cause: Cause,
): Promise<PaymentView> {
  const { traceparent } = await ownOrder(orders, userId, orderId);
  joinTrace(cause, traceparent);
  const payment = await payments.find(orderId);
  const view = (seen: Omit<PaymentView, 'id' | 'orderId'>): PaymentView => ({
    id: orderId,
    orderId,
    ...seen,
  });
  if (!payment) return view({ status: 'none' });
  if (payment.status !== 'awaiting' || payment.stripeId === null) return view(ofOurs(payment));
  const intent = await stripe.look(payment.stripeId);
  const verdict = verdictOn(payment, intent);
  const news = verdict && (await carryOut(verdict, payment, payments, cause));
  if (news?.status === 'charged') onOutcome?.({ is: 'charged' });
  return view(news && news.status !== 'awaiting' ? ofOurs(news) : ofStripes(intent));
}

const words: Record<PaymentStatus, PaymentWord> = {
  claimed: 'pending',
  awaiting: 'none',
  declined: 'none',
  charged: 'paid',
  cancelling: 'pending',
  refunded: 'refunded',
  voided: 'none',
};

function ofOurs({ status, refusal }: Payment): Omit<PaymentView, 'id' | 'orderId'> {
  if (status === 'declined' && refusal) return { status: 'refused', message: refusal };
  if (status === 'cancelling') {
    return {
      status: 'pending',
      message: 'The order was cancelled: whatever was charged is being paid back.',
    };
  }
  return { status: words[status] };
}

function ofStripes({ state, needsAction, clientSecret, refusal, actionUrl }: Intent) {
  if (state !== 'open') return { status: 'pending' as const };
  const secret = clientSecret === null ? {} : { clientSecret };
  if (needsAction) {
    return { status: 'requires_action' as const, ...secret, ...(actionUrl !== undefined && { actionUrl }) };
  }
  return refusal === null
    ? { status: 'none' as const, ...secret }
    : { status: 'refused' as const, message: refusal, ...secret };
}
