// A buyer's own orders, newest first.
import Head from 'next/head';
import Link from 'next/link';
import type { Order } from '../../api/api';
import { leftAt, orderState, orderWords } from '../../orders/order-state';
import { useLive } from '../../live/use-live';
import { page } from '../../server/page';
import { TicketCard } from '../../tickets/ticket-card';
import { Empty } from '../../ui/notice';
import { When } from '../../ui/when';

interface OrdersProps {
  orders: Order[];
  /** When the server wrote this, by its clock. */
  serverTime: number | null;
  cursor: string;
  nextCursor: string | null;
}

const pageSize = 24;
const everyMs = 10_000;
const newsEveryMs = 1000;

const listPath = (cursor: string): string =>
  `/api/orders?${new URLSearchParams({ limit: String(pageSize), ...(cursor && { cursor }) }).toString()}`;

export const getServerSideProps = page<OrdersProps>(async ({ param, read }) => {
  const cursor = param('cursor');
  const { body, nextCursor = null, serverTime = null } = await read<Order[]>(listPath(cursor));
  return { orders: body, serverTime, cursor, nextCursor };
});

export default function Orders(props: OrdersProps) {
  return <CurrentOrders key={`${props.cursor} ${props.orders[0]?.id ?? ''}`} {...props} />;
}

function CurrentOrders({ orders: first, serverTime, cursor, nextCursor }: OrdersProps) {
  const { value, heard } = useLive(listPath(cursor), first, {
    feed: 'orders',
    concerns: () => true,
    everyMs,
    newsEveryMs,
  });
  const writtenAt = (heard?.ok ? heard.serverTime : serverTime) ?? undefined;
  const orders = value.map((order) => ({ order, state: orderState(order, leftAt(order, writtenAt)) }));
  return (
    <>
      <Head>
        <title>My orders · Ticketing</title>
      </Head>
      <h1>My orders</h1>
      {orders.length === 0 ? (
        <Empty title="You have not ordered anything yet">
          <p>Hold a ticket, pay within its time, and it is here for good.</p>
          <p>
            <Link className="button primary" href="/">
              See all tickets
            </Link>
          </p>
        </Empty>
      ) : (
        <ul className="ticket-grid">
          {orders.map(({ order: { id, ticket, expiresAt }, state }) => (
            <TicketCard
              key={id}
              id={ticket.id}
              title={ticket.title}
              price={ticket.price}
              href={`/orders/${id}`}
              heading="h2"
              isGood={state === 'paid'}
              stamp={state === 'held' ? undefined : orderWords[state]}
            >
              {state === 'held' && (
                <p className="card-note">
                  On hold until <When at={expiresAt} as="time" />. Pay now.
                </p>
              )}
            </TicketCard>
          ))}
        </ul>
      )}
      <nav aria-label="Pages" className="pages">
        {cursor !== '' && <Link href="/orders">Newest orders</Link>}
        {nextCursor !== null && (
          <Link className="button" href={`/orders?cursor=${encodeURIComponent(nextCursor)}`}>
            Earlier orders
          </Link>
        )}
      </nav>
    </>
  );
}
