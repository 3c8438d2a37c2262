// One ticket, as it is this moment, and the button that holds it.
import Head from 'next/head';
import type { Ticket } from '../../../api/api';
import { holdTicket } from '../../../orders/hold-ticket';
import { goTo, page } from '../../../server/page';
import { signInPath } from '../../../session/next-path';
import { otherTickets } from '../../../tickets/other-tickets';
import { TicketView, type Missed, type TicketViewProps } from '../../../tickets/ticket-view';

export const getServerSideProps = page<TicketViewProps>(async ({ api, user, form, param, read }) => {
  const id = encodeURIComponent(param('id'));
  let missed: Missed | null = null;
  if (form) {
    const hold = await holdTicket(api, id);
    if (hold.is === 'held') return goTo(`/orders/${hold.orderId}`);
    if (hold.is === 'signed-out') return goTo(signInPath(`/tickets/${id}`, 'session'));
    missed =
      hold.is === 'lost'
        ? { others: await otherTickets(api, id) }
        : { message: hold.failure.errors[0].message };
  }
  const { body: ticket } = await read<Ticket>(`/api/tickets/${id}`);
  const somebody = await user;
  const isMyOrder =
    ticket.orderId !== undefined &&
    somebody !== null &&
    (await api('GET', `/api/orders/${ticket.orderId}`)).ok;
  return { ticket, isMyOrder, missed };
});

export default function TicketPage(props: TicketViewProps) {
  return (
    <>
      <Head>
        <title>{`${props.ticket.title} · Ticketing`}</title>
      </Head>
      <TicketView key={props.ticket.id} {...props} />
    </>
  );
}
