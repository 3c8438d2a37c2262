// Every page, inside what surrounds it.
import type { AppProps } from 'next/app';
import Head from 'next/head';
import { useRouter } from 'next/router';
import { useEffect, useRef } from 'react';
import { ErrorBoundary } from '../ui/error-boundary';
import { Layout } from '../ui/layout';
import { ProblemPage } from '../ui/problem-page';
import { ShellContext, type Problem, type Shell } from '../ui/shell';
import { Skeleton, useDestination } from '../ui/skeletons';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/layout.css';
import '../styles/ticket.css';
import '../styles/forms.css';

const unknown: Shell = { user: 'unknown', locale: 'en-US' };

export default function App({ Component, pageProps }: AppProps<{ shell?: Shell; problem?: Problem }>) {
  const { shell = unknown, problem, ...props } = pageProps;
  const destination = useDestination();
  const place = useFocusOnArrival();
  return (
    <ShellContext value={shell}>
      <Head>
        <title>Ticketing</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
      </Head>
      <Layout>
        {destination !== undefined && <Skeleton path={destination} />}
        <div hidden={destination !== undefined}>
          <ErrorBoundary key={place}>
            {problem ? <ProblemPage problem={problem} /> : <Component {...props} />}
          </ErrorBoundary>
        </div>
      </Layout>
    </ShellContext>
  );
}

/** After going to another page the keyboard goes on from its content, as after a full load. */
function useFocusOnArrival(): string {
  const { pathname, query } = useRouter();
  const place = `${pathname} ${String(query['id'])} ${String(query['cursor'])}`;
  const last = useRef(place);
  useEffect(() => {
    if (last.current === place) return;
    last.current = place;
    if (document.activeElement === document.body || !document.activeElement?.closest('main')) {
      document.getElementById('main')?.focus({ preventScroll: true });
    }
  }, [place]);
  return place;
}
