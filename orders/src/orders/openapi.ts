// What orders' routes take and answer, for people and programs who call them.
import { cancelReasons, orderStatuses, TooManyRequests } from '@ticketing/common';
import {
  defineApi,
  id,
  idInput,
  instant,
  pageAnswer,
  pageParameters,
  version,
} from '@ticketing/common/openapi';
import { z } from 'zod';
import {
  NotTheBuyer,
  OrderAlreadyComplete,
  OrderNotFound,
  OwnTicket,
  TicketAlreadyReserved,
  TooManyHolds,
  UnknownTicket,
} from './refusals';

const order = z
  .object({
    id,
    status: z.enum(orderStatuses),
    expiresAt: instant.describe('Until when it can be paid.'),
    userId: id.describe('The buyer.'),
    version,
    createdAt: instant,
    cancelReason: z.enum(cancelReasons).optional().describe('Once it is cancelled.'),
    cancelledAt: instant.optional().describe('Once it is cancelled.'),
    ticket: z
      .object({ id, title: z.string(), price: z.number() })
      .describe('The ticket as it was ordered; its price stays the one ordered at.'),
  })
  .meta({ id: 'Order' });

export const ordersApi = defineApi({
  path: '/api/orders',
  title: 'Orders',
  description:
    'Who has what: an order holds a ticket until it is paid, cancelled or expired. For its buyer alone.',
  operations: {
    'POST /': {
      id: 'placeOrder',
      summary: 'Hold a ticket',
      session: 'needed',
      takesKey: true,
      body: z
        .object({ ticketId: idInput })
        .meta({ id: 'OrderInput', description: 'Any other field is without effect.' }),
      answers: { 201: { description: 'The order; it waits to be paid until `expiresAt`.', schema: order } },
      refuses: [UnknownTicket, TicketAlreadyReserved, OwnTicket, TooManyHolds, TooManyRequests],
    },
    'GET /': {
      id: 'findOrders',
      summary: 'One’s own orders, newest first',
      session: 'needed',
      query: pageParameters,
      answers: { 200: pageAnswer('A page of orders.', order) },
    },
    'GET /stream': {
      id: 'followOrders',
      summary: 'What becomes of one’s own orders, as it happens',
      description:
        'Server-sent events: `ready` whenever from then on nothing is missed, then `order` with an order as it is answered ' +
        'elsewhere, without `createdAt`. Nothing is replayed: read again on every `ready`. 503 when too many read; then ask ' +
        'now and then.',
      session: 'needed',
      answers: {
        200: { description: 'A stream of some minutes.', mediaType: 'text/event-stream', schema: z.string() },
      },
    },
    'GET /:id': {
      id: 'seeOrder',
      summary: 'One order of one’s own',
      session: 'needed',
      answers: { 200: { description: 'The order.', schema: order } },
      refuses: [NotTheBuyer, OrderNotFound],
    },
    'DELETE /:id': {
      id: 'cancelOrder',
      summary: 'Cancel an order that is not paid',
      description: 'Its ticket is free again. Cancelled before: answered alike, and nothing changes.',
      session: 'needed',
      answers: { 204: { description: 'The order is cancelled.' } },
      refuses: [NotTheBuyer, OrderAlreadyComplete, OrderNotFound],
    },
  },
});
