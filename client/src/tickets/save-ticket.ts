// Listing and editing: what a ticket may be, checked before the API is asked.
import type { Api, Ticket } from '../api/api';
import { refusedFields, type Problems, type Submit, type Submitted, type Values } from '../ui/form';
import { parsePrice } from '../ui/money';

const maxTitleLength = 200;

export const listTicket: Submit = (api, values) => save(api, 'POST', '/api/tickets', values);

export const editTicket =
  (id: string): Submit =>
  (api, values) =>
    save(api, 'PUT', `/api/tickets/${id}`, values);

async function save(api: Api, method: 'POST' | 'PUT', path: string, values: Values): Promise<Submitted> {
  const problems = checkTicket(values);
  if (Object.keys(problems).length > 0) return { problems };
  const { title = '', price = '' } = values;
  const answer = await api<Ticket>(method, path, { title: title.trim(), price: parsePrice(price) });
  return answer.ok ? { goTo: `/tickets/${answer.body.id}` } : refusedFields(answer, ['title', 'price']);
}

export function checkTicket({ title = '', price = '' }: Values): Problems {
  const length = [...title.trim()].length;
  return {
    ...(length === 0 && { title: 'Say what the ticket is for.' }),
    ...(length > maxTitleLength && {
      title: `Use at most ${maxTitleLength} characters; these are ${length}.`,
    }),
    ...(parsePrice(price) === undefined && {
      price: 'Enter a price over 0 and up to 1,000,000, like 19.99.',
    }),
  };
}
