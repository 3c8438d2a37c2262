// What was charged and given back, one row for each PaymentIntent: for people, and for tests of invariants.
import type { Store } from './store';

export interface ChargeSummary {
  payment_intent: string;
  /** The intent's metadata.orderId. */
  orderId: string | null;
  amount: number;
  currency: string;
  status: string;
  /** Minor units taken, before refunds. */
  charged: number;
  refunded: number;
}

export function summarize(store: Store): ChargeSummary[] {
  const totals = new Map<unknown, { charged: number; refunded: number }>();
  for (const charge of store.all('charges')) {
    const { charged, refunded } = totals.get(charge.payment_intent) ?? { charged: 0, refunded: 0 };
    totals.set(charge.payment_intent, {
      charged: charged + charge.amount_captured,
      refunded: refunded + charge.amount_refunded,
    });
  }
  return store.all('payment_intents').map(({ id, amount, currency, metadata, status }) => ({
    payment_intent: id,
    orderId: metadata['orderId'] ?? null,
    amount,
    currency,
    status,
    ...(totals.get(id) ?? { charged: 0, refunded: 0 }),
  }));
}
