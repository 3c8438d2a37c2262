// The door to a way of entering a card. There is one behind it now: the sandbox's form. Stripe's Payment Element is to
// be the other, where a publishable key is configured: it would confirm in the browser, any authentication included,
// and bring a verdict as well. What surrounds the form stays the same: one attempt at a time, and the order's own word.
import type { ComponentType, ReactNode } from 'react';
import type { Order } from '../api/api';
import type { Filled } from '../ui/form';
import { SandboxForm } from './sandbox-form';
import type { Verdict } from './verdict';

export interface PayFormProps {
  order: Order;
  /** An attempt is under way: nothing may be sent. */
  isBusy: boolean;
  /** What the server has already tried, when the form was sent without JavaScript. */
  sent: Filled;
  /** The buyer asks to pay, and this is how: run once, and never two at a time. */
  onPay: (attempt: () => Promise<Verdict>) => void;
  /** What became of the last attempt, to be shown where the button is. */
  children: ReactNode;
}

export const PayForm: ComponentType<PayFormProps> = SandboxForm;
