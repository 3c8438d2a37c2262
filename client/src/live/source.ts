// Where news comes from. Polling is one source; a stream of server-sent events can be another, without its users knowing.
import type { Answer } from '../api/api';
import { browserApi } from '../api/browser-api';

export interface Subscription {
  /** Reads the truth now. */
  look: () => Promise<void>;
  close: () => void;
}

/** The page was true a moment ago; most who leave again at once need not ask. */
const firstLookMs = 1000;

/** Calls `hear` with the answer at `url` whenever there may be news, `everyMs` at the latest while somebody looks. */
export type LiveSource = <T>(url: string, everyMs: number, hear: (answer: Answer<T>) => void) => Subscription;

/**
 * Asks again and again while the page is visible, and at once when the reader comes back to it: from another tab, or by
 * the back button to a page that the browser had kept as it was.
 */
export const polling: LiveSource = <T>(url: string, everyMs: number, hear: (answer: Answer<T>) => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  let asked = 0;

  const look = async (): Promise<void> => {
    clearTimeout(timer);
    const turn = ++asked;
    const answer = await browserApi<T>('GET', url);
    // Overtaken by a later question, whose answer is the newer truth.
    if (isClosed || turn !== asked) return;
    hear(answer);
    if (document.visibilityState === 'visible') timer = setTimeout(() => void look(), everyMs);
  };
  const lookIfVisible = (event: Event): void => {
    const isFirstShown = event instanceof PageTransitionEvent && !event.persisted;
    if (document.visibilityState === 'visible' && !isFirstShown) void look();
  };
  const events = [
    [document, 'visibilitychange'],
    [window, 'focus'],
    [window, 'pageshow'],
    [window, 'online'],
  ] as const;

  for (const [target, name] of events) target.addEventListener(name, lookIfVisible);
  timer = setTimeout(() => void look(), Math.min(firstLookMs, everyMs));
  return {
    look,
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      for (const [target, name] of events) target.removeEventListener(name, lookIfVisible);
    },
  };
};
