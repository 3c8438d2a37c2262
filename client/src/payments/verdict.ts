// What became of an attempt to pay, as far as it is known; and asking for one.
import { askUntilKnown, codeOf, isSignedOut, type Answer, type Api } from '../api/api';
import { seePayment, verdictOfPayment } from './see-payment';

export type Verdict =
  /** Charged, now or by an earlier attempt: the order will say so in a moment. */
  | { is: 'charged' }
  /** Refused for good reason; the hold is as it was, and another card may be tried. */
  | { is: 'refused'; message: string }
  /** Somebody is paying, or the answer was lost: only the order can tell, so look at it again. */
  | { is: 'unknown' }
  /** There is nothing left to pay for: look at the order. */
  | { is: 'over'; message: string }
  /** The buyer's bank wants to be asked first. Nothing is charged yet. */
  | { is: 'action'; clientSecret?: string; actionUrl?: string }
  | { is: 'signed-out' };

const over = ['payments.order_expired', 'payments.order_cancelled', 'payments.order_not_found'];

const unknown = ['payments.in_progress', 'client.no_answer'];

export function verdictOn(answer: Answer<unknown>): Verdict {
  if (answer.ok || codeOf(answer) === 'payments.already_paid') return { is: 'charged' };
  const { message } = answer.errors[0];
  if (codeOf(answer) === 'payments.action_required') return { is: 'action' };
  if (isSignedOut(answer)) return { is: 'signed-out' };
  if (over.includes(codeOf(answer))) return { is: 'over', message };
  // No answer, or a fault on the way: the charge may have happened.
  if (unknown.includes(codeOf(answer)) || answer.status >= 500) return { is: 'unknown' };
  return { is: 'refused', message };
}

/**
 * Asks for one charge of an order with a card's token. Asking again is always safe: payments has one PaymentIntent
 * for an order, and that is charged once.
 */
export async function payWithToken(api: Api, orderId: string, token: string): Promise<Verdict> {
  const ask = () => api<{ id: string }>('POST', '/api/payments', { orderId, token });
  const verdict = verdictOn(await askUntilKnown('payments.order_not_found', ask));
  if (verdict.is !== 'action') return verdict;
  // Where the bank is to be asked stands with the payment.
  const payment = await seePayment(api, orderId);
  return (payment.ok && verdictOfPayment(payment.body)) || { is: 'unknown' };
}
