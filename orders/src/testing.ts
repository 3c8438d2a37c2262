// What orders' tests share: the service with its database, tickets that can be ordered, and people who order them.
import {
  createEvent,
  ExpirationComplete,
  newCause,
  PaymentCreated,
  TicketCreated,
  TicketUpdated,
  type Contract,
  type TicketData,
} from '@ticketing/common';
import {
  carriedEvent,
  cookieFor,
  eventOf,
  newId,
  slice,
  testEnv,
  ticketData,
} from '@ticketing/common/testing';
import { Types } from 'mongoose';
import request from 'supertest';
import { configFrom } from './config';
import { onExpirationComplete } from './orders/on-expiration-complete';
import { onPaymentCreated } from './orders/on-payment-created';
import { orderAggregates, type Order } from './orders/order';
import { createService } from './service';
import { copyTicket } from './tickets/copy-ticket';
import { ticketReplicas } from './tickets/ticket';

export const ordersFrom = (env: NodeJS.ProcessEnv) => createService(configFrom(env));
export const ordersEnv = (natsPort: number, given: NodeJS.ProcessEnv = {}) =>
  testEnv('orders', { NATS_URL: `nats://127.0.0.1:${natsPort}`, ...given });

/** An order as answers show it. */
export interface OrderView {
  id: string;
  status: string;
  expiresAt: string;
  userId: string;
  version: number;
  createdAt: string;
  ticket: { id: string; title: string; price: number };
  cancelReason?: string;
  cancelledAt?: string;
}

export function ordersSlice(given: NodeJS.ProcessEnv = {}) {
  const { server, connection, env } = slice('orders', ordersFrom, given);
  const orders = orderAggregates(connection);
  const tickets = ticketReplicas(connection);
  const expire = onExpirationComplete(orders);

  /** Requests of somebody who is signed in. */
  const as = (userId: string) => request.agent(server).set('Cookie', cookieFor(userId));
  /** A ticket that can be ordered. */
  const ticket = async (state: Partial<TicketData> = {}): Promise<TicketData> => {
    const data = ticketData(state);
    await copyTicket(data, tickets);
    return data;
  };
  const place = (ticketId: unknown, buyer = newId()) => as(buyer).post('/api/orders').send({ ticketId });

  return {
    server,
    connection,
    env,
    orders,
    tickets,
    as,
    ticket,
    place,
    /** A placed order, of a ticket of its own unless told otherwise. */
    placed: async (buyer = newId(), ticketId?: string): Promise<OrderView> => {
      const answer = await place(ticketId ?? (await ticket()).id, buyer);
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return answer.body as OrderView;
    },
    /** Orders as they would be stored, put there at once, without events; for tests that need many. */
    fill: async (states: Partial<Order>[]): Promise<string[]> => {
      const made = await orders.model.insertMany(states.map(orderState));
      return made.map(({ _id }) => String(_id));
    },
    pay: (orderId: string) => onPaymentCreated(paymentOf(orderId), orders),
    expire: (orderId: string) => expire(expirationOf(orderId)),
    stored: async (id: string): Promise<Order> => {
      const order = await orders.find(id);
      if (!order) throw new Error(`There is no order ${id}.`);
      return order;
    },
    /** The whole document, hidden event included: equal before and after where nothing was written. */
    raw: (id: string) => connection.collection('orders').findOne({ _id: new Types.ObjectId(id) }),
    eventOf: <D>(id: string, contract: Contract<D>) => carriedEvent(connection, 'orders', id, contract),
  };
}

export const paymentOf = (orderId: string) =>
  eventOf(PaymentCreated, { id: orderId, version: 0, orderId, stripeId: 'pi_1', amountInCents: 1999 });
export const expirationOf = (orderId: string) =>
  createEvent(
    ExpirationComplete,
    { orderId },
    { source: 'expiration', subject: orderId, version: 0, cause: newCause() },
  );
export const createdTicket = (given: Partial<TicketData> = {}) => eventOf(TicketCreated, ticketData(given));
export const updatedTicket = (given: Partial<TicketData>) => eventOf(TicketUpdated, ticketData(given));

let nextPlace = 0;
export const orderState = (given: Partial<Order>): Order => ({
  _id: new Types.ObjectId(),
  version: 0,
  createdAt: new Date(),
  userId: newId(),
  status: 'created',
  expiresAt: new Date(Date.now() + 60_000),
  sequence: 1,
  place: nextPlace++,
  ticket: { id: newId(), title: 'A concert', priceInCents: 1999 },
  ...given,
});
