// One ticket, large, as it would come out of the printer: the page of a ticket and of an order.
import type { ReactNode } from 'react';
import { Price } from '../ui/price';
import { barsOf, serialOf, stockOf } from './print';

interface BigTicketProps {
  ticket: { id: string; title: string; price: number };
  stamp?: string | undefined;
  /** Whether the stamp is good news. */
  isGood?: boolean;
  /** What stands on the stub. */
  children: ReactNode;
}

export function BigTicket({ ticket: { id, title, price }, stamp, isGood, children }: BigTicketProps) {
  return (
    <article className="ticket big" data-stock={stockOf(id)}>
      <div className="ticket-main">
        <p className="serial">
          <span>Admit one</span> <span>Nº {serialOf(id)}</span>
        </p>
        <h1 className="ticket-title">{title}</h1>
        <p className="big-price">
          <Price dollars={price} />
        </p>
        <svg className="bars" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
          <path d={barsOf(id)} />
        </svg>
        {stamp && <p className={isGood ? 'stamp good' : 'stamp'}>{stamp}</p>}
      </div>
      <div className="ticket-stub">{children}</div>
    </article>
  );
}
