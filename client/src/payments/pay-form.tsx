// Paying for an order: by Stripe's own form where its key is configured, else by the sandbox's. What surrounds it is the
// same for both: one attempt at a time, and the servers' own word for what came of it.
import type { ReactNode } from 'react';
import type { Order } from '../api/api';
import type { Filled } from '../ui/form';
import { SandboxForm } from './sandbox-form';
import { StripeForm } from './stripe-form';
import type { Verdict } from './verdict';

export interface PayFormProps {
  order: Order;
  /** What is left of the hold, written out. */
  left: string;
  /** An attempt is under way: nothing may be sent. */
  isBusy: boolean;
  /** What the server has already tried, when the form was sent without JavaScript. */
  sent: Filled;
  /** Where a bank leads back to. */
  returnUrl: string;
  /** What Stripe's script needs to ask the buyer's bank, while that wants to be asked. */
  toConfirm: string | undefined;
  /** The buyer asks to pay, and this is how: run once, and never two at a time. */
  onPay: (attempt: () => Promise<Verdict>) => void;
  /** What became of the last attempt, to be shown where the button is. */
  children: ReactNode;
}

export function PayForm({ stripeKey, ...props }: PayFormProps & { stripeKey: string | null }) {
  return stripeKey ? <StripeForm {...props} stripeKey={stripeKey} /> : <SandboxForm {...props} />;
}
