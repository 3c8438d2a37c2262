// The stub of an order that has come to its end, one way or the other.
import Link from 'next/link';
import type { Order } from '../api/api';
import { serialOf } from '../tickets/print';
import { When } from '../ui/when';

export function PaidStub({ order }: { order: Order }) {
  return (
    <>
      <p className="stub-note">This ticket is yours.</p>
      <Receipt order={order} />
      <Link className="button" href="/orders">
        See all your orders
      </Link>
    </>
  );
}

function Receipt({ order: { id, createdAt } }: { order: Order }) {
  return (
    <dl className="receipt">
      <dt>Order</dt>
      <dd>{serialOf(id)}</dd>
      {createdAt && (
        <>
          <dt>Placed</dt>
          <dd>
            <When at={createdAt} />
          </dd>
        </>
      )}
    </dl>
  );
}

export function EndedStub({ order, hasExpired }: { order: Order; hasExpired: boolean }) {
  return (
    <>
      <p className="stub-note">
        {hasExpired ? 'The time ran out before it was paid.' : 'You let this ticket go.'} You were charged
        nothing; should a charge have crossed it, it is paid back in full by itself.
      </p>
      <Link className="button primary" href={`/tickets/${order.ticket.id}`}>
        See if it is free again
      </Link>
      <Link className="button" href="/">
        See other tickets
      </Link>
    </>
  );
}
