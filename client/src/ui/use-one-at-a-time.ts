// What must not be started twice, however quickly somebody clicks.
import { useRef, useState } from 'react';

export function useOneAtATime(): { isBusy: boolean; run: (work: () => Promise<void>) => void } {
  const [isBusy, setBusy] = useState(false);
  // Set at once, where state would let a second click of the same moment through.
  const isUnderWay = useRef(false);
  const start = async (work: () => Promise<void>): Promise<void> => {
    isUnderWay.current = true;
    setBusy(true);
    try {
      await work();
    } finally {
      isUnderWay.current = false;
      setBusy(false);
    }
  };
  const run = (work: () => Promise<void>): void => {
    if (!isUnderWay.current) void start(work);
  };
  return { isBusy, run };
}
