// Paying: one attempt at a time, and then the servers' own word for it. Nothing is assumed in between.
import { useRouter } from 'next/router';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { browserApi } from '../api/browser-api';
import { seePayment, verdictOfPayment } from '../payments/see-payment';
import type { Verdict } from '../payments/verdict';
import { signInPath } from '../session/next-path';

export type Paying =
  | { is: 'idle' }
  /** Sent, and not yet answered. */
  | { is: 'paying' }
  /** Charged: the order is about to say so. */
  | { is: 'charged' }
  /** Nobody knows yet: the payment and the order are being looked at. */
  | { is: 'unknown' }
  /** It did not become known for a while. Asking again is safe. */
  | { is: 'unsettled' }
  | { is: 'refused'; message: string }
  /** The bank is to be asked first. */
  | { is: 'action'; clientSecret?: string; actionUrl?: string }
  /** Too late, or of no use: the order is about to say so. */
  | { is: 'over'; message: string };

/** Longer than payments lets an attempt take that broke off. */
const patienceMs = 12_000;
const lookEveryMs = 1000;

/** An attempt goes on, and no other may begin. */
const isUnderWay = ({ is }: Paying): boolean => is === 'paying' || is === 'charged' || is === 'unknown';

/**
 * @param first what the page came with: an earlier attempt may be under way, from another tab or before a reload
 * @param look asks how the order stands
 */
export function usePayment(
  orderId: string,
  first: Paying,
  look: () => Promise<void>,
): { paying: Paying; isBusy: boolean; pay: (attempt: () => Promise<Verdict>) => void } {
  const router = useRouter();
  const [paying, setPaying] = useState(first);
  // Set at once, where state would let a second click of the same moment through.
  const isTaken = useRef(isUnderWay(first));

  const conclude = useEffectEvent((outcome: Paying): void => {
    isTaken.current = isUnderWay(outcome);
    setPaying(outcome);
  });

  useEffect(() => {
    if (paying.is !== 'unknown') return;
    const asking = new AbortController();
    void settle(orderId, asking.signal).then((outcome) => {
      if (!asking.signal.aborted) conclude(outcome);
    });
    return () => {
      asking.abort();
    };
  }, [paying, orderId]);

  const run = async (attempt: () => Promise<Verdict>): Promise<void> => {
    setPaying({ is: 'paying' });
    const verdict = await attempt();
    if (verdict.is === 'signed-out') {
      await router.push(signInPath(router.asPath, 'session'));
      return;
    }
    // Another card is offered only once the hold is known to be there still.
    if (verdict.is === 'refused') await look();
    else void look();
    isTaken.current = isUnderWay(verdict);
    setPaying(verdict);
  };
  const pay = (attempt: () => Promise<Verdict>): void => {
    if (isTaken.current) return;
    isTaken.current = true;
    void run(attempt);
  };
  return { paying, isBusy: isUnderWay(paying), pay };
}

/** Looks at the payment until it tells, for as long as an attempt may take. */
async function settle(orderId: string, signal: AbortSignal): Promise<Paying> {
  for (let waitedMs = 0; waitedMs < patienceMs && !signal.aborted; waitedMs += lookEveryMs) {
    const payment = await seePayment(browserApi, orderId);
    const verdict = payment.ok ? verdictOfPayment(payment.body) : undefined;
    if (verdict && verdict.is !== 'unknown' && verdict.is !== 'signed-out') return verdict;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return { is: 'unsettled' };
}
