// The real door to Stripe, with moments at which a test may let something else happen first.
import { StripeCharges, type Outcome } from '../../src/stripe/stripe-charges';

export const moments = ['before open', 'after open', 'before charge', 'after charge', 'before end'] as const;
export type Moment = (typeof moments)[number];

export class StripeWithMoments extends StripeCharges {
  private readonly actions = new Map<Moment, () => Promise<void>>();

  /** Does something once, the next time that moment comes. */
  at(moment: Moment, action: () => Promise<void>): void {
    this.actions.set(moment, action);
  }

  override async open(orderId: string, amountInCents: number, idempotencyKey: string): Promise<string> {
    await this.reach('before open');
    const stripeId = await super.open(orderId, amountInCents, idempotencyKey);
    await this.reach('after open');
    return stripeId;
  }

  override async charge(stripeId: string, token: string, idempotencyKey: string): Promise<Outcome> {
    await this.reach('before charge');
    const outcome = await super.charge(stripeId, token, idempotencyKey);
    await this.reach('after charge');
    return outcome;
  }

  override async end(stripeId: string): Promise<void> {
    await this.reach('before end');
    await super.end(stripeId);
  }

  private async reach(moment: Moment): Promise<void> {
    const action = this.actions.get(moment);
    this.actions.delete(moment);
    await action?.();
  }
}
