// Paying: one attempt at a time, and then the order's own word for it. Nothing is assumed in between.
import { useRouter } from 'next/router';
import { useEffect, useRef, useState } from 'react';
import type { Verdict } from '../payments/verdict';
import { signInPath } from '../session/next-path';

export type Paying =
  | { is: 'idle' }
  /** Sent, and not yet answered. */
  | { is: 'paying' }
  /** Charged: the order is about to say so. */
  | { is: 'charged' }
  /** Nobody knows yet: the order is being looked at. */
  | { is: 'unknown' }
  /** It did not become known for a while. Asking again is safe. */
  | { is: 'unsettled' }
  | { is: 'refused'; message: string }
  /** Too late, or of no use: the order is about to say so. */
  | { is: 'over'; message: string };

/** Longer than payments lets an attempt take that broke off. */
const patienceMs = 12_000;

export function usePayment(look: () => Promise<void>): {
  paying: Paying;
  pay: (attempt: () => Promise<Verdict>) => void;
} {
  const router = useRouter();
  const [paying, setPaying] = useState<Paying>({ is: 'idle' });
  // Set at once, where state would let a second click of the same moment through.
  const isUnderWay = useRef(false);

  useEffect(() => {
    if (paying.is !== 'unknown') return;
    const timer = setTimeout(() => {
      isUnderWay.current = false;
      setPaying({ is: 'unsettled' });
    }, patienceMs);
    return () => {
      clearTimeout(timer);
    };
  }, [paying]);

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
    isUnderWay.current = verdict.is === 'charged' || verdict.is === 'unknown';
    setPaying(verdict);
  };
  const pay = (attempt: () => Promise<Verdict>): void => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    void run(attempt);
  };
  return { paying, pay };
}
