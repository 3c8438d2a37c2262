// Its seller edits a ticket, while nobody has it.
import Head from 'next/head';
import Link from 'next/link';
import type { Ticket } from '../../../api/api';
import { goTo, page } from '../../../server/page';
import { signInPath } from '../../../session/next-path';
import { editTicket } from '../../../tickets/save-ticket';
import { TicketForm } from '../../../tickets/ticket-form';
import type { Filled } from '../../../ui/form';
import { Notice } from '../../../ui/notice';

interface EditProps {
  ticket: Ticket;
  isOwn: boolean;
  sent: Filled;
}

export const getServerSideProps = page<EditProps>(async ({ api, user, form, param, read }) => {
  const id = encodeURIComponent(param('id'));
  const here = `/tickets/${id}/edit`;
  const seller = await user;
  if (!seller) return goTo(signInPath(here));
  const outcome = form && (await editTicket(id)(api, form));
  if (outcome && 'goTo' in outcome) return goTo(outcome.goTo);
  if (outcome?.isSignedOut) return goTo(signInPath(here, 'session'));
  const { body: ticket } = await read<Ticket>(`/api/tickets/${id}`);
  const asItIs = { title: ticket.title, price: ticket.price.toFixed(2) };
  const sent = { values: form ?? asItIs, problems: outcome?.problems ?? {} };
  return { ticket, isOwn: ticket.userId === seller.id, sent };
});

export default function Edit({ ticket, isOwn, sent }: EditProps) {
  const why = whyNot(ticket, isOwn);
  return (
    <div className="narrow">
      <Head>
        <title>{`Edit ${ticket.title} · Ticketing`}</title>
      </Head>
      <h1>Edit your ticket</h1>
      {why ? (
        <Notice kind="problem" title={why} />
      ) : (
        <TicketForm submit={editTicket(ticket.id)} sent={sent} send="Save" />
      )}
      <p>
        <Link href={`/tickets/${ticket.id}`}>Back to the ticket</Link>
      </p>
    </div>
  );
}

function whyNot(ticket: Ticket, isOwn: boolean): string | undefined {
  if (!isOwn) return 'Only its seller can edit a ticket.';
  if (ticket.soldAt !== undefined) return 'This ticket is sold and stays as it is.';
  if (ticket.orderId !== undefined)
    return 'A buyer is holding this ticket. It can be edited when it is free again.';
  return undefined;
}
