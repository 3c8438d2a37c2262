// While the next page is on its way: its shape, after a moment. A fast page never shows it.
import { useRouter } from 'next/router';
import { useEffect, useState } from 'react';

const patienceMs = 150;

/** The path that is being gone to, once it takes longer than a moment. */
export function useDestination(): string | undefined {
  const { events } = useRouter();
  const [destination, setDestination] = useState<string>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const leave = (url: string): void => {
      clearTimeout(timer);
      const [path = '/'] = url.split(/[?#]/);
      // Another search or the next page of the same list leaves what is there, and where the reader is.
      if (path === location.pathname) return;
      timer = setTimeout(() => {
        setDestination(path);
      }, patienceMs);
    };
    const arrive = (): void => {
      clearTimeout(timer);
      setDestination(undefined);
    };
    events.on('routeChangeStart', leave);
    events.on('routeChangeComplete', arrive);
    events.on('routeChangeError', arrive);
    return () => {
      clearTimeout(timer);
      events.off('routeChangeStart', leave);
      events.off('routeChangeComplete', arrive);
      events.off('routeChangeError', arrive);
    };
  }, [events]);
  return destination;
}

const times = (count: number) => Array.from({ length: count }, (_, key) => key);

export function Skeleton({ path }: { path: string }) {
  return (
    <div className="skeleton" role="status">
      <h1 className="visually-hidden">Loading</h1>
      <div aria-hidden="true">{shapeOf(path)}</div>
    </div>
  );
}

function shapeOf(path: string) {
  if (/^\/(orders|listings)?$/.test(path)) {
    return (
      <>
        <div className="bone title" />
        {path !== '/orders' && <div className="bone row" />}
        <div className="ticket-grid">
          {times(6).map((key) => (
            <div key={key} className="bone card" />
          ))}
        </div>
      </>
    );
  }
  if (/^\/(tickets|orders)\/\w+$/.test(path)) return <div className="bone big-card" />;
  return (
    <div className="narrow">
      <div className="bone title" />
      {times(3).map((key) => (
        <div key={key} className="bone field" />
      ))}
    </div>
  );
}
