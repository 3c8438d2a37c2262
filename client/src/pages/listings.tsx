// A seller's own: what is available, held and sold, and what that brought in.
import Head from 'next/head';
import Link from 'next/link';
import type { Ticket, Totals } from '../api/api';
import { useLive } from '../live/use-live';
import { page } from '../server/page';
import { TicketCard } from '../tickets/ticket-card';
import { Empty } from '../ui/notice';
import { Price } from '../ui/price';
import { When } from '../ui/when';

interface ListingsProps {
  tickets: Ticket[];
  totals: Totals;
  cursor: string;
  nextCursor: string | null;
}

const totalsPath = '/api/tickets/totals';
const everyMs = 10_000;
const newsEveryMs = 2000;

const listPath = (cursor: string): string =>
  `/api/tickets?${new URLSearchParams({ seller: 'me', limit: '50', ...(cursor && { cursor }) }).toString()}`;

export const getServerSideProps = page<ListingsProps>(async ({ param, read }) => {
  const cursor = param('cursor');
  const [{ body, nextCursor = null }, totals] = await Promise.all([
    read<Ticket[]>(listPath(cursor)),
    read<Totals>(totalsPath),
  ]);
  return { tickets: body, totals: totals.body, cursor, nextCursor };
});

export default function Listings(props: ListingsProps) {
  return <CurrentListings key={`${props.cursor} ${props.tickets[0]?.id ?? ''}`} {...props} />;
}

function CurrentListings({ tickets: first, totals: firstTotals, cursor, nextCursor }: ListingsProps) {
  const options = {
    feed: 'tickets',
    concerns: ({ id }: { id: string }) => first.some((ticket) => ticket.id === id),
    everyMs,
    newsEveryMs,
  } as const;
  const { value: tickets } = useLive(listPath(cursor), first, options);
  const { value: totals } = useLive(totalsPath, firstTotals, options);
  const sold = tickets.filter(({ soldAt }) => soldAt !== undefined);
  const held = tickets.filter(({ orderId, soldAt }) => orderId !== undefined && soldAt === undefined);
  const available = tickets.filter(({ orderId }) => orderId === undefined);
  return (
    <>
      <Head>
        <title>My listings · Ticketing</title>
      </Head>
      <div className="list-head">
        <h1>My listings</h1>
        <Link className="button primary" href="/sell">
          Sell a ticket
        </Link>
      </div>
      {tickets.length === 0 ? (
        <Empty title="You have not listed anything yet">
          <p>A title and a price are all it takes. It is for sale at once.</p>
        </Empty>
      ) : (
        <>
          <dl className="sums">
            <div>
              <dt>Brought in</dt>
              <dd>
                <Price dollars={totals.sold.total} />
              </dd>
            </div>
            <div>
              <dt>Sold</dt>
              <dd>{totals.sold.count}</dd>
            </div>
            <div>
              <dt>Held</dt>
              <dd>{totals.held.count}</dd>
            </div>
            <div>
              <dt>Available</dt>
              <dd>{totals.available.count}</dd>
            </div>
          </dl>
          <Group title="Available" tickets={available} />
          <Group title="Held" tickets={held} stamp="On hold" />
          <Group title="Sold" tickets={sold} stamp="Sold" />
        </>
      )}
      <nav aria-label="Pages" className="pages">
        {cursor !== '' && <Link href="/listings">Newest listings</Link>}
        {nextCursor !== null && (
          <Link className="button" href={`/listings?cursor=${encodeURIComponent(nextCursor)}`}>
            Earlier listings
          </Link>
        )}
      </nav>
    </>
  );
}

function Group({ title, tickets, stamp }: { title: string; tickets: Ticket[]; stamp?: string }) {
  if (tickets.length === 0) return null;
  return (
    <section aria-labelledby={title}>
      <h2 id={title}>{title}</h2>
      <ul className="ticket-grid">
        {tickets.map(({ id, title: name, price, orderId, soldAt }) => (
          <TicketCard key={id} id={id} title={name} price={price} stamp={stamp}>
            {soldAt !== undefined && (
              <p className="card-note">
                Sold <When at={soldAt} />
              </p>
            )}
            {orderId === undefined && (
              <p className="card-note">
                <Link className="inline-action" href={`/tickets/${id}/edit`}>
                  Edit<span className="visually-hidden"> {name}</span>
                </Link>
              </p>
            )}
          </TicketCard>
        ))}
      </ul>
    </section>
  );
}
