// The truth about one thing, kept up to date while somebody looks at it.
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { Answer } from '../api/api';
import { paced } from './paced';
import { poll, type Polling } from './polling';
import { follow, type Feed, type News } from './stream';

interface Live<T> {
  /** The last good answer; before the first, what the page came with. */
  value: T;
  /** The last answer of any kind. */
  heard: Answer<T> | undefined;
  /** Reads it now; resolves when it has been heard. */
  look: () => Promise<void>;
}

interface LiveOptions<T> {
  /** Where news is announced, and which of it means that this has changed. */
  feed: Feed;
  concerns: (news: News, value: T) => boolean;
  everyMs: number;
  /** However much is announced, asks no oftener because of it. */
  newsEveryMs?: number;
  /** Somebody is waiting: asks every `everyMs`, whatever is announced. */
  isUrgent?: boolean;
}

/** Beside a stream, which is a hint and no promise. */
const besideStreamMs = 30_000;

/** @param url undefined when there is nothing more to expect */
export function useLive<T>(
  url: string | undefined,
  initial: T,
  { feed, concerns, everyMs, newsEveryMs = 0, isUrgent = false }: LiveOptions<T>,
): Live<T> {
  const [value, setValue] = useState(initial);
  const [heard, setHeard] = useState<Answer<T>>();
  const polling = useRef<Polling>(undefined);
  const isStreaming = useRef(false);
  const paceMs = useEffectEvent(() => (isStreaming.current && !isUrgent ? besideStreamMs : everyMs));
  const isConcerned = useEffectEvent((news: News) => concerns(news, value));

  useEffect(() => {
    if (url === undefined) return;
    const asking = poll<T>(url, paceMs, (answer) => {
      setHeard(answer);
      if (answer.ok) setValue(answer.body);
    });
    polling.current = asking;
    const lookOnNews = paced(() => void asking.look(), newsEveryMs);
    const unfollow = follow(feed, {
      hear: (news) => {
        if (isConcerned(news)) lookOnNews.run();
      },
      ready: () => {
        isStreaming.current = true;
        void asking.look();
      },
      lost: () => {
        isStreaming.current = false;
        asking.repace();
      },
    });
    return () => {
      polling.current = undefined;
      isStreaming.current = false;
      unfollow();
      lookOnNews.cancel();
      asking.close();
    };
  }, [url, feed, newsEveryMs]);

  useEffect(() => {
    polling.current?.repace();
  }, [everyMs, isUrgent]);

  const look = useCallback(async () => polling.current?.look(), []);
  return { value, heard, look };
}
