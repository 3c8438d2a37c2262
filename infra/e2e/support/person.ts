// Somebody with a browser: signs up, keeps the session cookie, and calls the API through the gateway.
import { randomUUID } from 'node:crypto';
import { note } from './documented';
import { eventually } from './eventually';

export interface Ticket {
  id: string;
  title: string;
  price: number;
  userId: string;
  version: number;
  orderId?: string;
}

export interface Order {
  id: string;
  status: string;
  expiresAt: string;
  userId: string;
  version: number;
  ticket: { id: string; title: string; price: number };
}

/** `body` is the parsed JSON; a status of 0 is a connection that broke off. */
export interface Answer<T = unknown> {
  status: number;
  body: T;
  headers: Headers;
  /** The first error's code; empty for none. */
  code: string;
}

const deadlineMs = 30_000;

export class Person {
  cookie = '';
  readonly email = `${randomUUID()}@people.test`;
  readonly password = 'a long password';

  constructor(private readonly url: string) {}

  static async signedUp({ url }: { url: string }): Promise<Person> {
    const person = new Person(url);
    expectStatus(201, await person.signUp());
    return person;
  }

  signUp(): Promise<Answer> {
    return this.call('POST', '/api/users/signup', { email: this.email, password: this.password });
  }

  list(title: string, price: number): Promise<Answer<Ticket>> {
    return this.call('POST', '/api/tickets', { title, price });
  }

  edit(ticketId: string, title: string, price: number): Promise<Answer<Ticket>> {
    return this.call('PUT', `/api/tickets/${ticketId}`, { title, price });
  }

  order(ticketId: string): Promise<Answer<Order>> {
    return this.call('POST', '/api/orders', { ticketId });
  }

  cancel(orderId: string): Promise<Answer> {
    return this.call('DELETE', `/api/orders/${orderId}`);
  }

  pay(orderId: string, token = 'tok_visa'): Promise<Answer<{ id: string }>> {
    return this.call('POST', '/api/payments', { token, orderId });
  }

  async seeTicket(ticketId: string): Promise<Ticket> {
    return expectStatus(200, await this.call<Ticket>('GET', `/api/tickets/${ticketId}`));
  }

  async seeOrder(orderId: string): Promise<Order> {
    return expectStatus(200, await this.call<Order>('GET', `/api/orders/${orderId}`));
  }

  /** Orders a ticket as soon as orders has heard of it, which takes some milliseconds after it was listed. */
  async orderSoon(ticketId: string, withinMs = 10_000): Promise<Order> {
    return eventually(async () => expectStatus(201, await this.order(ticketId)), { withinMs });
  }

  /** Pays as soon as payments has heard of the order. */
  async paySoon(orderId: string, token?: string): Promise<Answer<{ id: string }>> {
    return eventually(async () => {
      const answer = await this.pay(orderId, token);
      if (answer.status === 404) throw new Error('payments has not heard of the order');
      return answer;
    });
  }

  /** @param text sent as it is, where given */
  async call<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    { text, headers = {} }: { text?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer<T>> {
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    try {
      const response = await fetch(`${this.url}${path}`, {
        method,
        headers: {
          ...(sent !== undefined && { 'content-type': 'application/json' }),
          ...(this.cookie && { cookie: this.cookie }),
          ...headers,
        },
        signal: AbortSignal.timeout(deadlineMs),
        ...(sent !== undefined && { body: sent }),
      });
      const { status, headers: answered } = response;
      const contentType = answered.get('content-type') ?? undefined;
      // A stream of events has no end to wait for.
      const isStream = contentType?.startsWith('text/event-stream') === true;
      if (isStream) await response.body?.cancel();
      const told = isStream ? '' : await response.text();
      note({ method, url: path, hasBody: sent !== undefined, status, contentType, text: told });
      const answer = told || 'null';
      const [cookie] = response.headers.getSetCookie();
      if (cookie !== undefined) this.cookie = cookie.split(';')[0] ?? '';
      const json = JSON.parse(answer) as (T & { errors?: { code: string }[] }) | null;
      const code = json?.errors?.[0]?.code ?? '';
      return { status: response.status, body: json as T, headers: response.headers, code };
    } catch (error) {
      return { status: 0, body: String(error) as T, headers: new Headers(), code: 'no_answer' };
    }
  }
}

/** The answer's body, when it has the status it should have. */
export function expectStatus<T>(status: number, answer: Answer<T>): T {
  if (answer.status === status) return answer.body;
  throw new Error(`answered ${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
}

/** `201`, or `400 orders.ticket_already_reserved`. */
export const inWords = ({ status, code }: Answer): string => (code ? `${status} ${code}` : String(status));
