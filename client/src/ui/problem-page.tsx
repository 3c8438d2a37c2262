// A page that could not be what was asked for: what happened, and what to do next.
import Head from 'next/head';
import Link from 'next/link';
import type { Problem } from './shell';

export const notFound: Problem = {
  status: 404,
  code: 'client.not_found',
  message: 'This page does not exist, or no longer does.',
};

const titles: Record<number, string> = {
  401: 'This is not yours to see',
  403: 'That was refused',
  404: 'There is nothing here',
};

export function ProblemPage({ problem }: { problem: Problem }) {
  const isOurs = problem.status >= 500;
  const title = titles[problem.status] ?? (isOurs ? 'We cannot show this right now' : 'That did not work');
  return (
    <div className="problem-page">
      <Head>
        <title>{`${title} · Ticketing`}</title>
      </Head>
      <p className="serial">{problem.status}</p>
      <h1>{title}</h1>
      <p>{problem.message}</p>
      <p className="actions">
        {isOurs && (
          <a className="button primary" href="">
            Try again
          </a>
        )}
        <Link className="button" href="/">
          See all tickets
        </Link>
      </p>
    </div>
  );
}
