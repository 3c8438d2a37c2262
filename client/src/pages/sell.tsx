// Somebody lists a ticket.
import Head from 'next/head';
import { goTo, page } from '../server/page';
import { signInPath } from '../session/next-path';
import { listTicket } from '../tickets/save-ticket';
import { TicketForm } from '../tickets/ticket-form';
import type { Filled } from '../ui/form';

export const getServerSideProps = page<{ sent: Filled }>(async ({ api, user, form }) => {
  if (!(await user)) return goTo(signInPath('/sell'));
  if (!form) return { sent: { values: {}, problems: {} } };
  const outcome = await listTicket(api, form);
  if ('goTo' in outcome) return goTo(outcome.goTo);
  return { sent: { values: form, problems: outcome.problems } };
});

export default function Sell({ sent }: { sent: Filled }) {
  return (
    <div className="narrow">
      <Head>
        <title>Sell a ticket · Ticketing</title>
      </Head>
      <h1>Sell a ticket</h1>
      <p>
        It is for sale as soon as it is listed. Whoever holds it has a moment to pay, and then it is theirs.
      </p>
      <TicketForm submit={listTicket} sent={sent} send="List it" />
    </div>
  );
}
