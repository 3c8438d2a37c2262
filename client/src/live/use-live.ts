// The truth about one thing, kept up to date while somebody looks at it.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Answer } from '../api/api';
import { polling, type LiveSource, type Subscription } from './source';

interface Live<T> {
  /** The last good answer; before the first, what the page came with. */
  value: T;
  /** The last answer of any kind. */
  heard: Answer<T> | undefined;
  /** Reads it now; resolves when it has been heard. */
  look: () => Promise<void>;
}

/** @param url undefined when there is nothing more to expect */
export function useLive<T>(
  url: string | undefined,
  initial: T,
  { everyMs, source = polling }: { everyMs: number; source?: LiveSource },
): Live<T> {
  const [value, setValue] = useState(initial);
  const [heard, setHeard] = useState<Answer<T>>();
  const subscription = useRef<Subscription>(undefined);

  useEffect(() => {
    if (url === undefined) return;
    const hearing = source<T>(url, everyMs, (answer) => {
      setHeard(answer);
      if (answer.ok) setValue(answer.body);
    });
    subscription.current = hearing;
    return () => {
      subscription.current = undefined;
      hearing.close();
    };
  }, [url, everyMs, source]);

  const look = useCallback(async () => subscription.current?.look(), []);
  return { value, heard, look };
}
