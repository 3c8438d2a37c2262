// A ticket in a list: title on the left, price on the stub, a perforation between.
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Price } from '../ui/price';
import { serialOf, stockOf } from './print';

interface TicketCardProps {
  id: string;
  title: string;
  price: number;
  /** The ticket's own page unless told. */
  href?: string;
  /** A word stamped over it. */
  stamp?: string | undefined;
  /** Whether the stamp is good news. */
  isGood?: boolean;
  heading?: 'h2' | 'h3';
  children?: ReactNode;
}

export function TicketCard({
  id,
  title,
  price,
  href,
  stamp,
  isGood = false,
  heading: Heading = 'h3',
  children,
}: TicketCardProps) {
  return (
    <li className={stamp && !isGood ? 'ticket is-stamped' : 'ticket'} data-stock={stockOf(id)}>
      <div className="ticket-main">
        <p className="serial">Nº {serialOf(id)}</p>
        <Heading className="ticket-title">
          <Link href={href ?? `/tickets/${id}`}>{title}</Link>
        </Heading>
        {children}
      </div>
      <div className="ticket-stub">
        {stamp && <p className={isGood ? 'stamp good' : 'stamp'}>{stamp}</p>}
        <Price dollars={price} />
      </div>
    </li>
  );
}
