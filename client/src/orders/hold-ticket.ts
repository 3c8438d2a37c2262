// Holding a ticket: an order is placed, or somebody was faster.
import { askUntilKnown, codeOf, isSignedOut, type Api, type Failure, type Order } from '../api/api';

export type Hold =
  | { is: 'held'; orderId: string }
  | { is: 'lost' }
  | { is: 'signed-out' }
  | { is: 'failed'; failure: Failure };

export async function holdTicket(api: Api, ticketId: string): Promise<Hold> {
  const answer = await askUntilKnown('orders.ticket_not_found', () =>
    api<Order>('POST', '/api/orders', { ticketId }),
  );
  if (answer.ok) return { is: 'held', orderId: answer.body.id };
  if (isSignedOut(answer)) return { is: 'signed-out' };
  if (codeOf(answer) === 'orders.ticket_already_reserved') return { is: 'lost' };
  return { is: 'failed', failure: answer };
}
