// How the payment of an order stands, by the service that moves the money.
import { askUntilKnown, type Answer, type Api } from '../api/api';
import type { Verdict } from './verdict';

export interface Payment {
  /** `none`: nothing is charged and nothing under way. `refused`: the last card; another may be tried. */
  status: 'none' | 'pending' | 'requires_action' | 'refused' | 'paid' | 'refunded';
  /** For Stripe's own script, while something is open at Stripe. */
  clientSecret?: string;
  /** The sandbox bank's page, while it wants to be asked. */
  actionUrl?: string;
  /** Why the last card was refused, for people. */
  message?: string;
}

/** Safe to ask at any time: it changes nothing. */
export const seePayment = (api: Api, orderId: string): Promise<Answer<Payment>> =>
  askUntilKnown('payments.order_not_found', () => api<Payment>('GET', `/api/payments/${orderId}`));

/** What it means to who is about to pay; undefined where nothing has been tried. */
export function verdictOfPayment({ status, clientSecret, actionUrl, message }: Payment): Verdict | undefined {
  switch (status) {
    case 'paid':
      return { is: 'charged' };
    case 'pending':
      return { is: 'unknown' };
    case 'requires_action':
      return { is: 'action', ...(clientSecret && { clientSecret }), ...(actionUrl && { actionUrl }) };
    case 'refused':
      return { is: 'refused', message: message ?? 'The card was refused.' };
    case 'refunded':
      return { is: 'over', message: 'This payment was paid back in full.' };
    case 'none':
      return undefined;
  }
}

/** The bank's page, from which one comes back to the order. */
export function actionLink(actionUrl: string, returnUrl: string): string | undefined {
  if (!/^https?:\/\//.test(actionUrl)) return undefined;
  const url = new URL(actionUrl);
  url.searchParams.set('return_url', returnUrl);
  return url.href;
}
