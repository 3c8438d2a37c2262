// Asking again and again: the way to news that always works, and the truth behind every other.
import type { Answer } from '../api/api';
import { browserApi } from '../api/browser-api';

export interface Polling {
  /** Reads the truth now; resolves when it has been heard. */
  look: () => Promise<void>;
  /** The pace has changed: what is waited for now is waited for by the new one. */
  repace: () => void;
  close: () => void;
}

/** The page was true a moment ago; most who leave again at once need not ask. */
const firstLookMs = 1000;

/**
 * Asks while the page is visible, and at once when the reader comes back to it: from another tab, or by the back button
 * to a page that the browser had kept as it was.
 * @param paceMs asked before every wait
 */
export function poll<T>(url: string, paceMs: () => number, hear: (answer: Answer<T>) => void): Polling {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  let asked = 0;

  const wait = (ms: number): void => {
    clearTimeout(timer);
    if (!isClosed && document.visibilityState === 'visible') timer = setTimeout(() => void look(), ms);
  };
  const look = async (): Promise<void> => {
    clearTimeout(timer);
    const turn = ++asked;
    const answer = await browserApi<T>('GET', url);
    // Overtaken by a later question, whose answer is the newer truth.
    if (isClosed || turn !== asked) return;
    hear(answer);
    wait(paceMs());
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
  wait(Math.min(firstLookMs, paceMs()));
  return {
    look,
    repace: () => {
      wait(paceMs());
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      for (const [target, name] of events) target.removeEventListener(name, lookIfVisible);
    },
  };
}
