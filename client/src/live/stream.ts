// Server-sent events: a hint that something has changed, long before the next poll would have noticed.

export interface Listener {
  /** Something changed. Messages may come twice and out of order: `version` tells. */
  hear: (news: News) => void;
  /** From now on nothing is missed, and what was shown before may be out of date. */
  ready: () => void;
  /** Nothing comes any more, until `ready`. */
  lost: () => void;
}

export interface News {
  id: string;
  version: number;
  status: string;
}

export type Feed = 'tickets' | 'orders';

interface Open {
  listeners: Set<Listener>;
  source: EventSource | undefined;
  retry: ReturnType<typeof setTimeout> | undefined;
  isLive: boolean;
  close: () => void;
}

/** The browser tries again by itself, except where it was refused. */
const retryMs = 30_000;
const open = new Map<Feed, Open>();

/**
 * One connection for each feed, however many listen, and only while the page is seen: a browser has but six for all the
 * tabs of a site that speaks HTTP/1.1.
 * @returns ends it
 */
export function follow(feed: Feed, listener: Listener): () => void {
  const stream = open.get(feed) ?? openStream(feed);
  stream.listeners.add(listener);
  if (stream.isLive) listener.ready();
  return () => {
    stream.listeners.delete(listener);
    if (stream.listeners.size === 0) stream.close();
  };
}

function openStream(feed: Feed): Open {
  const listeners = new Set<Listener>();
  const stream: Open = { listeners, source: undefined, retry: undefined, isLive: false, close };
  const tell = (what: (listener: Listener) => void): void => {
    [...listeners].forEach(what);
  };

  const disconnect = (): void => {
    clearTimeout(stream.retry);
    stream.source?.close();
    stream.source = undefined;
    if (stream.isLive) {
      stream.isLive = false;
      tell((listener) => {
        listener.lost();
      });
    }
  };
  const connect = (): void => {
    disconnect();
    if (document.visibilityState !== 'visible') return;
    const source = new EventSource(`/api/${feed}/stream`);
    stream.source = source;
    source.addEventListener('ready', () => {
      stream.isLive = true;
      tell((listener) => {
        listener.ready();
      });
    });
    source.addEventListener(feed.slice(0, -1), ({ data }: MessageEvent<string>) => {
      const news = readNews(data);
      if (news)
        tell((listener) => {
          listener.hear(news);
        });
    });
    source.addEventListener('error', () => {
      const isRefused = source.readyState === EventSource.CLOSED;
      if (isRefused) {
        disconnect();
        stream.retry = setTimeout(connect, retryMs);
      } else if (stream.isLive) {
        stream.isLive = false;
        tell((listener) => {
          listener.lost();
        });
      }
    });
  };
  function close(): void {
    open.delete(feed);
    document.removeEventListener('visibilitychange', connect);
    disconnect();
  }
  document.addEventListener('visibilitychange', connect);
  open.set(feed, stream);
  connect();
  return stream;
}

/** Undefined for what is not understood: a poll will tell. */
export function readNews(data: string): News | undefined {
  try {
    const { id, version, status } = JSON.parse(data) as Partial<News>;
    const isNews = typeof id === 'string' && typeof version === 'number' && typeof status === 'string';
    return isNews ? { id, version, status } : undefined;
  } catch {
    return undefined;
  }
}
