// What each documented route is asked in the matrix, and what owner and stranger are told. A route without a row fails it.
import { randomUUID } from 'node:crypto';
import { eventually } from './eventually';
import { inWords, type Answer, type Person } from './person';

export interface Cast {
  /** Whose ticket, order or payment a request is about. */
  owner: Person;
  /** Sells what the owner orders. */
  seller: Person;
}

export interface Request {
  path: string;
  body?: Record<string, unknown>;
}

export interface Row {
  /** Makes what the request is about, anew for every case that changes it. */
  ask: (cast: Cast) => Request | Promise<Request>;
  owner: string;
  /** Somebody else who is signed in. */
  stranger: string;
  /** Only where no session is needed. */
  nobody?: string;
  /** Whoever asks is somebody else afterwards, or nobody: each case has somebody new. */
  changesSession?: true;
}

const email = (): string => `${randomUUID()}@people.test`;
const password = 'a long password';

export const ticketOf = async (seller: Person, price = 20): Promise<string> => {
  const { body, status } = await seller.list('A concert', price);
  if (status !== 201) throw new Error(`The ticket was not listed: ${status}`);
  return body.id;
};

export const orderOf = async ({ owner, seller }: Cast, price?: number): Promise<string> =>
  (await owner.orderSoon(await ticketOf(seller, price))).id;

const everybody = (status: string) => ({ owner: status, stranger: status, nobody: status });

/** By operationId. */
export const rows: Record<string, Row> = {
  signUp: {
    ...everybody('201'),
    ask: () => ({ path: '/api/users/signup', body: { email: email(), password } }),
    changesSession: true,
  },
  signIn: {
    ...everybody('200'),
    ask: ({ owner }) => ({
      path: '/api/users/signin',
      body: { email: owner.email, password: owner.password },
    }),
    changesSession: true,
  },
  signOut: { ...everybody('200'), ask: () => ({ path: '/api/users/signout' }), changesSession: true },
  changePassword: {
    ask: () => ({
      path: '/api/users/password',
      body: { currentPassword: password, newPassword: 'a battery staple' },
    }),
    owner: '200',
    stranger: '200',
    changesSession: true,
  },
  currentUser: { ...everybody('200'), ask: () => ({ path: '/api/users/currentuser' }) },
  findTickets: { ...everybody('200'), ask: () => ({ path: '/api/tickets' }) },
  listTicket: {
    ask: () => ({ path: '/api/tickets', body: { title: 'A concert', price: 19.99 } }),
    owner: '201',
    stranger: '201',
  },
  followTickets: { ...everybody('200'), ask: () => ({ path: '/api/tickets/stream' }) },
  sumListings: { ask: () => ({ path: '/api/tickets/totals' }), owner: '200', stranger: '200' },
  seeTicket: {
    ...everybody('200'),
    ask: async ({ owner }) => ({ path: `/api/tickets/${await ticketOf(owner)}` }),
  },
  editTicket: {
    ask: async ({ owner }) => ({
      path: `/api/tickets/${await ticketOf(owner)}`,
      body: { title: 'A better concert', price: 21 },
    }),
    owner: '200',
    stranger: '401 tickets.not_the_seller',
  },
  placeOrder: {
    ask: async ({ seller }) => ({ path: '/api/orders', body: { ticketId: await ticketOf(seller) } }),
    owner: '201',
    stranger: '201',
  },
  findOrders: { ask: () => ({ path: '/api/orders' }), owner: '200', stranger: '200' },
  followOrders: { ask: () => ({ path: '/api/orders/stream' }), owner: '200', stranger: '200' },
  seeOrder: {
    ask: async (cast) => ({ path: `/api/orders/${await orderOf(cast)}` }),
    owner: '200',
    stranger: '401 orders.not_the_buyer',
  },
  cancelOrder: {
    ask: async (cast) => ({ path: `/api/orders/${await orderOf(cast)}` }),
    owner: '204',
    stranger: '401 orders.not_the_buyer',
  },
  payOrder: {
    ask: async (cast) => ({
      path: '/api/payments',
      body: { orderId: await orderOf(cast), token: 'tok_visa' },
    }),
    owner: '201',
    stranger: '401 payments.not_the_buyer',
  },
  openPayment: {
    ask: async (cast) => ({ path: '/api/payments/intents', body: { orderId: await orderOf(cast) } }),
    owner: '201',
    stranger: '401 payments.not_the_buyer',
  },
  seePayment: {
    ask: async (cast) => ({ path: `/api/payments/${await orderOf(cast)}` }),
    owner: '200',
    stranger: '401 payments.not_the_buyer',
  },
  hearStripe: {
    ...everybody('400 payments.webhook_unverified'),
    ask: () => ({ path: '/api/payments/webhook', body: { id: 'evt_1', type: 'payment_intent.succeeded' } }),
  },
};

/** What another service may not have heard of yet, some milliseconds after it was made. */
const mayBeNews = ['404 orders.ticket_not_found', '404 payments.order_not_found'];

/** The answer once news has travelled. */
export const settled = (ask: () => Promise<Answer>): Promise<Answer> =>
  eventually(async () => {
    const answer = await ask();
    if (mayBeNews.includes(inWords(answer))) throw new Error(inWords(answer));
    return answer;
  });
