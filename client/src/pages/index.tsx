// What can be bought: newest first, searched and paged by the address.
import Head from 'next/head';
import Link from 'next/link';
import { useRouter } from 'next/router';
import { useEffect, useRef, type SubmitEvent } from 'react';
import type { Ticket } from '../api/api';
import { useLive } from '../live/use-live';
import { page } from '../server/page';
import { compareLists } from '../tickets/compare-lists';
import { TicketCard } from '../tickets/ticket-card';
import { Empty } from '../ui/notice';

const pageSize = 24;
const everyMs = 5000;

interface TicketsProps {
  tickets: Ticket[];
  q: string;
  cursor: string;
  nextCursor: string | null;
}

const address = (path: string, params: Record<string, string>): string => {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== '')).toString();
  return query ? `${path}?${query}` : path;
};
const apiPath = (q: string, cursor: string): string =>
  address('/api/tickets', { limit: String(pageSize), q, cursor });

export const getServerSideProps = page<TicketsProps>(async ({ param, read }) => {
  const [q, cursor] = [param('q').trim(), param('cursor')];
  const { body, nextCursor = null } = await read<Ticket[]>(apiPath(q, cursor));
  return { tickets: body, q, cursor, nextCursor };
});

export default function Tickets(props: TicketsProps) {
  const { q, cursor } = props;
  const heading = q ? `Tickets for “${q}”` : cursor ? 'Earlier tickets' : 'Tickets for sale';
  return (
    <>
      <Head>
        <title>{`${heading} · Ticketing`}</title>
      </Head>
      <div className="list-head">
        <h1>{heading}</h1>
        <Search q={q} />
      </div>
      {/* A new list begins anew. */}
      <TicketList key={`${q} ${cursor} ${props.tickets[0]?.id ?? ''}`} {...props} />
    </>
  );
}

function Search({ q }: { q: string }) {
  const router = useRouter();
  const input = useRef<HTMLInputElement>(null);
  // The address may change by other ways than this form.
  useEffect(() => {
    if (input.current && input.current !== document.activeElement) input.current.value = q;
  }, [q]);
  const search = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get('q');
    void router.push(address('/', { q: typeof text === 'string' ? text.trim() : '' }));
  };
  return (
    <search>
      <form action="/" className="search" onSubmit={search}>
        <label className="visually-hidden" htmlFor="q">
          Search tickets
        </label>
        <input
          ref={input}
          id="q"
          name="q"
          type="search"
          defaultValue={q}
          maxLength={200}
          placeholder="Concert, derby, play…"
        />
        <button className="button" type="submit">
          Search
        </button>
      </form>
    </search>
  );
}

function TicketList({ tickets, q, cursor, nextCursor }: TicketsProps) {
  const router = useRouter();
  const { value } = useLive(apiPath(q, cursor), tickets, { everyMs });
  const { added, gone } = compareLists(tickets, value, value.length < pageSize);
  const hasNews = added > 0 && cursor === '';
  return (
    <>
      <div role="status">
        {hasNews && (
          <button className="button news" type="button" onClick={() => void router.replace(router.asPath)}>
            {added === 1 ? '1 new ticket: show it' : `${added} new tickets: show them`}
          </button>
        )}
      </div>
      {tickets.length === 0 ? (
        <NoTickets q={q} />
      ) : (
        <ul className="ticket-grid">
          {tickets.map(({ id, title, price }) => (
            <TicketCard
              key={id}
              id={id}
              title={title}
              price={price}
              heading="h2"
              stamp={gone.has(id) ? 'Taken' : undefined}
            />
          ))}
        </ul>
      )}
      <nav aria-label="Pages" className="pages">
        {cursor !== '' && <Link href={address('/', { q })}>Newest tickets</Link>}
        {nextCursor !== null && (
          <Link className="button" href={address('/', { q, cursor: nextCursor })}>
            Earlier tickets
          </Link>
        )}
      </nav>
    </>
  );
}

function NoTickets({ q }: { q: string }) {
  return q ? (
    <Empty title={`No ticket for “${q}”`}>
      <p>Try a shorter part of the title, or look at everything there is.</p>
      <p>
        <Link className="button primary" href="/">
          See all tickets
        </Link>
      </p>
    </Empty>
  ) : (
    <Empty title="Nothing is for sale right now">
      <p>Held tickets come back when they are not paid. Or be the first to list one.</p>
      <p>
        <Link className="button primary" href="/sell">
          Sell a ticket
        </Link>
      </p>
    </Empty>
  );
}
