// Counts a hold down by the server's clock, and says so aloud where it matters.
import { useEffect, useRef, useState } from 'react';
import { announcement, secondsLeft } from './countdown';
import { narrow, offsetMs, type Offset, type Sample } from './server-clock';

const tickMs = 200;

interface Countdown {
  seconds: number;
  /** For a polite live region. */
  said: string;
}

/**
 * @param leftMs when the page was rendered, by the server
 * @param heard the last answer of the order's service, which carries its clock
 */
export function useSecondsLeft(expiresAt: string, leftMs: number, heard: Sample | undefined): Countdown {
  const [countdown, setCountdown] = useState<Countdown>({ seconds: secondsLeft(leftMs), said: '' });
  const shownAt = useRef<number>(undefined);
  const [offset, setOffset] = useState<Offset>();
  const [lastHeard, setLastHeard] = useState(heard);
  if (heard !== lastHeard) {
    setLastHeard(heard);
    if (heard) setOffset(narrow(offset, heard));
  }

  useEffect(() => {
    const start = (shownAt.current ??= Date.now());
    const tick = (): void => {
      const now = Date.now();
      // Until the first answer: what the page came with, from when it was shown.
      const left = offset ? Date.parse(expiresAt) - now - offsetMs(offset) : leftMs - (now - start);
      setCountdown((before) => {
        const seconds = secondsLeft(left);
        if (seconds === before.seconds) return before;
        return { seconds, said: announcement(before.seconds, seconds) ?? before.said };
      });
    };
    const timer = setInterval(tick, tickMs);
    return () => {
      clearInterval(timer);
    };
  }, [expiresAt, leftMs, offset]);
  return countdown;
}
