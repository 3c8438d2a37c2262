// Offline: said, and the page that is there is kept; a link would end at the browser's own error.
import { useEffect, useState, useSyncExternalStore } from 'react';

function subscribe(changed: () => void): () => void {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}

export function OfflineBanner() {
  const isOnline = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
  const isKept = useKeptPage(isOnline);
  return (
    <div role="status">
      {!isOnline && (
        <p className="offline">
          You are offline. What you see may be out of date, and nothing can be sent.
          {isKept && ' That page has to wait until you are back.'}
        </p>
      )}
    </div>
  );
}

/** @returns whether somebody has tried to leave */
function useKeptPage(isOnline: boolean): boolean {
  const [hasTried, setTried] = useState(false);
  useEffect(() => {
    if (isOnline) return;
    const keep = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (!link || link.hash) return;
      event.preventDefault();
      setTried(true);
    };
    // Before the link itself hears of it.
    document.addEventListener('click', keep, { capture: true });
    return () => {
      document.removeEventListener('click', keep, { capture: true });
      setTried(false);
    };
  }, [isOnline]);
  return hasTried;
}
