// For who was too late: what else can be bought.
import type { Api, Ticket } from '../api/api';
import { TicketCard } from './ticket-card';

const count = 3;

export async function otherTickets(api: Api, id: string): Promise<Ticket[]> {
  const answer = await api<Ticket[]>('GET', `/api/tickets?limit=${count + 1}`);
  return answer.ok ? answer.body.filter((ticket) => ticket.id !== id).slice(0, count) : [];
}

export function OtherTickets({ tickets }: { tickets: Ticket[] }) {
  if (tickets.length === 0) return null;
  return (
    <section aria-labelledby="others">
      <h2 id="others">Others that are free</h2>
      <ul className="ticket-grid">
        {tickets.map(({ id, title, price }) => (
          <TicketCard key={id} id={id} title={title} price={price} />
        ))}
      </ul>
    </section>
  );
}
