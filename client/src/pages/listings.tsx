// A seller's own: what is available, held and sold, and what that brought in.
import Head from 'next/head';
import Link from 'next/link';
import type { Ticket } from '../api/api';
import { page } from '../server/page';
import { TicketCard } from '../tickets/ticket-card';
import { sumPrices } from '../ui/money';
import { Empty } from '../ui/notice';
import { Price } from '../ui/price';
import { When } from '../ui/when';

interface ListingsProps {
  tickets: Ticket[];
  cursor: string;
  nextCursor: string | null;
}

export const getServerSideProps = page<ListingsProps>(async ({ param, read }) => {
  const cursor = param('cursor');
  const query = new URLSearchParams({ seller: 'me', limit: '100', ...(cursor && { cursor }) }).toString();
  const { body, nextCursor = null } = await read<Ticket[]>(`/api/tickets?${query}`);
  return { tickets: body, cursor, nextCursor };
});

export default function Listings({ tickets, cursor, nextCursor }: ListingsProps) {
  const sold = tickets.filter(({ soldAt }) => soldAt !== undefined);
  const held = tickets.filter(({ orderId, soldAt }) => orderId !== undefined && soldAt === undefined);
  const available = tickets.filter(({ orderId }) => orderId === undefined);
  const isWhole = cursor === '' && nextCursor === null;
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
          <p>A title and a price are all it takes.</p>
        </Empty>
      ) : (
        <>
          <dl className="sums">
            <div>
              <dt>{isWhole ? 'Brought in' : 'Brought in, this page'}</dt>
              <dd>
                <Price dollars={sumPrices(sold.map(({ price }) => price))} />
              </dd>
            </div>
            <div>
              <dt>Sold</dt>
              <dd>{sold.length}</dd>
            </div>
            <div>
              <dt>Held</dt>
              <dd>{held.length}</dd>
            </div>
            <div>
              <dt>Available</dt>
              <dd>{available.length}</dd>
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
