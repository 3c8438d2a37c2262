// A buyer is about to pay in the browser, by Stripe's Payment Element: the order's one intent, and the secret that the
// browser needs to have it charged. Whoever asks again, in another tab or after a lost answer, is given the same.
import { joinTrace, Unavailable, type Cause } from '@ticketing/common';
import { isDuplicateKey } from '@ticketing/common/store';
import { Types } from 'mongoose';
import { claimMs, keyOf, type PayOrder } from './pay-order';
import { payableOrder } from './payable-order';
import { isUndone, type Payment } from './payment';
import { AlreadyPaid, OrderIsCancelled, PaymentInProgress } from './refusals';
import { carryOut, verdictOn } from './settle-payments';

/**
 * Shared first, then opened: from the moment a secret can be out, the payment is one that the settlement looks after,
 * so what a browser does with it, at any time and telling nobody, is noticed.
 */
export async function openPayment(
  deps: PayOrder,
  userId: string,
  orderId: string,
  cause: Cause,
): Promise<{ id: string; clientSecret: string }> {
  const { payments, stripe } = deps;
  const { priceInCents, traceparent } = await payableOrder(deps.orders, userId, orderId);
  joinTrace(cause, traceparent);
  const shared = await share(deps, { orderId, userId, amountInCents: priceInCents }, cause);
  // Looked at again: a cancellation that came before there was a payment left its mark here alone.
  await payableOrder(deps.orders, userId, orderId);
  const payment = await withIntent(deps, shared, cause);
  const intent = await stripe.look(payment.stripeId);
  const verdict = verdictOn(payment, intent);
  const news = verdict && (await carryOut(verdict, payment, payments, cause));
  if (news?.status === 'charged') deps.onOutcome?.({ is: 'charged' });
  if (intent.state === 'charged') throw new AlreadyPaid();
  if (intent.state === 'pending') throw new PaymentInProgress();
  if (intent.state === 'ended' || intent.clientSecret === null) {
    throw new Unavailable('The intent was cancelled at Stripe: the next request makes another.');
  }
  return { id: orderId, clientSecret: intent.clientSecret };
}

async function share(
  { payments }: PayOrder,
  { orderId, userId, amountInCents }: { orderId: string; userId: string; amountInCents: number },
  cause: Cause,
): Promise<Payment> {
  const sharing = {
    status: 'awaiting' as const,
    isShared: true,
    dueAt: new Date(Date.now() + claimMs),
    tries: 0,
  };
  const changeOld = () =>
    payments.change(
      orderId,
      (payment) => {
        if (payment.status === 'charged') throw new AlreadyPaid();
        if (payment.status === 'claimed') throw new PaymentInProgress();
        if (isUndone(payment)) throw new OrderIsCancelled();
        if (payment.status === 'awaiting') return undefined;
        return { set: { ...sharing, attempt: payment.attempt + 1, refusal: null } };
      },
      cause,
    );
  const old = await changeOld();
  if (old) return old;
  const first = { userId, amountInCents, attempt: 1, stripeId: null, ...sharing };
  try {
    return await payments.create({ ...first, _id: new Types.ObjectId(orderId) }, undefined, cause);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const other = await changeOld();
    if (!other) throw new Unavailable('A payment was there and is not.', { cause: error });
    return other;
  }
}

/** The payment with an intent that is remembered: of several made at once, only that one's secret is ever told. */
async function withIntent(
  { payments, stripe }: PayOrder,
  payment: Payment,
  cause: Cause,
): Promise<Payment & { stripeId: string }> {
  if (payment.stripeId !== null) return { ...payment, stripeId: payment.stripeId };
  const id = String(payment._id);
  const isOpening = (current: Payment): boolean => current.status === 'awaiting' && current.stripeId === null;
  let stripeId: string;
  try {
    // Two who ask at once have the same key, and so the same intent.
    stripeId = await stripe.open(id, payment.amountInCents, keyOf(payment, 'open'));
  } catch (error) {
    // Stripe keeps the answer to a key, its own failures included: whoever asks next needs another.
    const attempt = payment.attempt + 1;
    await payments.change(
      id,
      (current) =>
        isOpening(current) && current.attempt < attempt ? { set: { attempt, dueAt: new Date() } } : undefined,
      cause,
    );
    throw error;
  }
  const kept = await payments.change(
    id,
    (current) => (isOpening(current) ? { set: { stripeId } } : undefined),
    cause,
  );
  if (kept && isUndone(kept)) throw new OrderIsCancelled();
  if (kept?.status === 'charged') throw new AlreadyPaid();
  // A card is being charged meanwhile, or the settlement took this for dead: this intent is never confirmed.
  if (kept?.status !== 'awaiting' || kept.stripeId === null) throw new PaymentInProgress();
  return { ...kept, stripeId: kept.stripeId };
}
