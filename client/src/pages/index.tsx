// What can be bought: newest first unless told, searched, sorted and paged by the address.
import Head from 'next/head';
import Link from 'next/link';
import { useRouter } from 'next/router';
import { useEffect, useRef, type SubmitEvent } from 'react';
import type { Ticket } from '../api/api';
import { useLive } from '../live/use-live';
import { page } from '../server/page';
import { compareLists, readSort, type Sort } from '../tickets/compare-lists';
import { TicketCard } from '../tickets/ticket-card';
import { Empty } from '../ui/notice';

const pageSize = 24;
const everyMs = 5000;
const newsEveryMs = 3000;

/** No more than the list shows: what is sent stands in the page twice. */
type Shown = Pick<Ticket, 'id' | 'title' | 'price'>;

interface TicketsProps {
  tickets: Shown[];
  q: string;
  sort: Sort;
  cursor: string;
  nextCursor: string | null;
}

const address = (path: string, params: Record<string, string>): string => {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== '')).toString();
  return query ? `${path}?${query}` : path;
};
const apiPath = ({ q, sort, cursor }: Pick<TicketsProps, 'q' | 'sort' | 'cursor'>): string =>
  address('/api/tickets', { limit: String(pageSize), q, sort, cursor });

export const getServerSideProps = page<TicketsProps>(async ({ param, read }) => {
  const asked = { q: param('q').trim(), sort: readSort(param('sort')), cursor: param('cursor') };
  const { body, nextCursor = null } = await read<Ticket[]>(apiPath(asked));
  return { tickets: body.map(({ id, title, price }) => ({ id, title, price })), ...asked, nextCursor };
});

export default function Tickets(props: TicketsProps) {
  const { q, sort, cursor } = props;
  const heading = q ? `Tickets for “${q}”` : cursor ? 'More tickets' : 'Tickets for sale';
  return (
    <>
      <Head>
        <title>{`${heading} · Ticketing`}</title>
      </Head>
      <div className="list-head">
        <div>
          <h1>{heading}</h1>
          {!q && !cursor && <p className="lede">Hold one, pay within its time, and it is yours.</p>}
        </div>
        <Search q={q} sort={sort} />
        <Sorts q={q} sort={sort} />
      </div>
      {/* A new list begins anew. */}
      <TicketList key={`${q} ${sort} ${cursor} ${props.tickets[0]?.id ?? ''}`} {...props} />
    </>
  );
}

function Search({ q, sort }: { q: string; sort: Sort }) {
  const router = useRouter();
  const input = useRef<HTMLInputElement>(null);
  // The address may change by other ways than this form.
  useEffect(() => {
    if (input.current && input.current !== document.activeElement) input.current.value = q;
  }, [q]);
  const search = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get('q');
    void router.push(address('/', { q: typeof text === 'string' ? text.trim() : '', sort }));
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
        {sort !== '' && <input type="hidden" name="sort" value={sort} />}
        <button className="button" type="submit">
          Search
        </button>
      </form>
    </search>
  );
}

const sorts: readonly [Sort, string][] = [
  ['', 'Newest'],
  ['price', 'Cheapest'],
  ['-price', 'Dearest'],
];

/** Links, so that the back button keeps the way of sorting, and nothing but the address does. */
function Sorts({ q, sort }: { q: string; sort: Sort }) {
  return (
    <nav aria-label="Sort" className="sorts">
      {sorts.map(([each, label]) => (
        <Link key={each} href={address('/', { q, sort: each })} aria-current={each === sort || undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}

function TicketList({ tickets, q, sort, cursor, nextCursor }: TicketsProps) {
  const router = useRouter();
  const { value } = useLive<Shown[]>(apiPath({ q, sort, cursor }), tickets, {
    feed: 'tickets',
    // One of these was taken; or another was listed or freed, which can be new here or above.
    concerns: ({ id, status }, list) => list.some((each) => each.id === id) !== (status === 'available'),
    everyMs,
    newsEveryMs,
  });
  const { added, gone } = compareLists(tickets, value, sort, value.length < pageSize);
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
        {cursor !== '' && <Link href={address('/', { q, sort })}>First page</Link>}
        {nextCursor !== null && (
          <Link className="button" href={address('/', { q, sort, cursor: nextCursor })}>
            More tickets
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
