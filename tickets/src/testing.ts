// What tickets' tests share: the service with its database, and people who list tickets.
import {
  carriedEvent,
  cookieFor,
  eventOf,
  newId,
  orderData,
  slice,
  testEnv,
} from '@ticketing/common/testing';
import {
  OrderCancelled,
  OrderCompleted,
  OrderCreated,
  type Contract,
  type OrderData,
  type OrderStatus,
} from '@ticketing/common';
import { Types } from 'mongoose';
import request from 'supertest';
import { configFrom } from './config';
import { createService } from './service';
import { followOrders } from './tickets/follow-order';
import { trigrams } from './tickets/search';
import { ticketAggregates, type Ticket } from './tickets/ticket';

export const ticketsFrom = (env: NodeJS.ProcessEnv) => createService(configFrom(env));
export const ticketsEnv = (natsPort: number) =>
  testEnv('tickets', { NATS_URL: `nats://127.0.0.1:${natsPort}` });

/** A ticket as answers show it. */
export interface TicketView {
  id: string;
  title: string;
  price: number;
  userId: string;
  version: number;
  createdAt: string;
  orderId?: string;
  soldAt?: string;
}

export function ticketsSlice() {
  const { server, connection } = slice('tickets', ticketsFrom);
  const tickets = ticketAggregates(connection);
  /** Requests of somebody who is signed in. */
  const as = (userId: string) => request.agent(server).set('Cookie', cookieFor(userId));

  /** Somebody lists a ticket, valid unless told otherwise. */
  const list = (given: object = {}, seller = newId()) =>
    as(seller)
      .post('/api/tickets')
      .send({ title: 'A concert', price: 19.99, ...given });

  return {
    server,
    connection,
    tickets,
    as,
    list,
    /** A listed ticket. */
    listed: async (given: object = {}, seller = newId()): Promise<TicketView> => {
      const answer = await list(given, seller);
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return answer.body as TicketView;
    },
    /** Tickets as they would be stored, put there at once, without events; for tests that need many. */
    fill: async (states: Partial<Ticket>[]): Promise<string[]> => {
      const made = await tickets.model.insertMany(states.map(ticketState));
      return made.map(({ _id }) => String(_id));
    },
    get: (path: string) => request(server).get(`/api/tickets${path}`),
    /** An order's event reaches its listener. */
    hear: followOrders(tickets),
    /** A ticket as it is stored, hidden fields left out. */
    stored: async (id: string): Promise<Ticket> => {
      const ticket = await tickets.find(id);
      if (!ticket) throw new Error(`There is no ticket ${id}.`);
      return ticket;
    },
    eventOf: <D>(id: string, contract: Contract<D>) => carriedEvent(connection, 'tickets', id, contract),
  };
}

function ticketState(given: Partial<Ticket>): Ticket {
  const { title = 'A concert' } = given;
  return {
    _id: new Types.ObjectId(),
    version: 0,
    createdAt: new Date(),
    title,
    titleTrigrams: trigrams(title),
    priceInCents: 1999,
    userId: newId(),
    orderId: null,
    orderSequence: 0,
    orderVersion: 0,
    soldAt: null,
    ...given,
  };
}

const contracts: Record<OrderStatus, Contract<OrderData>> = {
  created: OrderCreated,
  'awaiting:payment': OrderCreated,
  complete: OrderCompleted,
  cancelled: OrderCancelled,
};

/** The events of one order of a ticket, as orders announces them. */
export function orderOf(ticketId: string, sequence = 1) {
  const order = orderData({ sequence, ticket: { id: ticketId, title: 'A concert', priceInCents: 1999 } });
  const said = (status: OrderStatus, version: number) =>
    eventOf(contracts[status], { ...order, status, version });
  return {
    id: order.id,
    created: said('created', 0),
    cancelled: said('cancelled', 1),
    completed: said('complete', 1),
  };
}
