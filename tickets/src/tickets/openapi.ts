// What tickets' routes take and answer, for people and programs who call them.
import { maxPrice, NotSignedIn } from '@ticketing/common';
import { defineApi, id, instant, pageAnswer, pageParameters, version } from '@ticketing/common/openapi';
import { z } from 'zod';
import { maxQueryLength, maxTitleLength } from './input';
import { NotTheSeller, TicketIsReserved, TicketNotFound } from './refusals';

const ticket = z
  .object({
    id,
    title: z.string(),
    price: z.number().gt(0).max(maxPrice),
    userId: id.describe('The seller.'),
    version,
    createdAt: instant,
    orderId: id.optional().describe('While it is held or sold: the order that has it.'),
    soldAt: instant.optional().describe('Once it is sold.'),
  })
  .meta({ id: 'Ticket' });

const ticketInput = z
  .object({
    title: z.string().max(maxTitleLength).regex(/\S/).describe('Blanks around it are taken off.'),
    price: z
      .union([z.number().gt(0).max(maxPrice), z.string().regex(/^\d{1,7}(\.\d{1,2})?$/)])
      .describe(
        `Over 0, at most ${maxPrice}, of no more than 2 decimals; a number, or a numeral as forms send it.`,
      ),
  })
  .meta({
    id: 'TicketInput',
    description: 'Any other field is without effect.',
    examples: [{ title: 'A concert', price: 19.99 }],
  });

const sum = z.object({
  count: z.number().int().min(0),
  total: z.number().min(0).describe('Of their prices.'),
});
const totals = z.object({ available: sum, held: sum, sold: sum }).meta({ id: 'Totals' });

export const ticketsApi = defineApi({
  path: '/api/tickets',
  title: 'Tickets',
  description: 'What is for sale, and its sellers’ own.',
  operations: {
    'GET /': {
      id: 'findTickets',
      summary: 'What can be bought, or all of one’s own; newest first unless told',
      session: 'used',
      query: {
        ...pageParameters,
        q: z.string().max(maxQueryLength).optional().describe('Only titles that contain this.'),
        sort: z
          .enum(['price', '-price'])
          .optional()
          .describe('Cheapest or dearest first, of what can be bought.'),
        seller: z
          .literal('me')
          .optional()
          .describe('Only one’s own, held and sold included; for people who are signed in.'),
      },
      answers: { 200: pageAnswer('A page of tickets.', ticket) },
      refuses: [NotSignedIn],
    },
    'GET /stream': {
      id: 'followTickets',
      summary: 'What becomes of tickets, as it happens',
      description:
        'Server-sent events: `ready` whenever from then on nothing is missed, then `ticket` with `{id, version, title, price, ' +
        'status}`, where status is available, held or sold. Nothing is replayed: read again on every `ready`. 503 when too ' +
        'many read; then ask now and then.',
      answers: {
        200: { description: 'A stream of some minutes.', mediaType: 'text/event-stream', schema: z.string() },
      },
    },
    'GET /totals': {
      id: 'sumListings',
      summary: 'How many of one’s own are available, held and sold, and for how much',
      session: 'needed',
      answers: { 200: { description: 'Of all listings.', schema: totals } },
    },
    'POST /': {
      id: 'listTicket',
      summary: 'List a ticket for sale',
      session: 'needed',
      body: ticketInput,
      answers: { 201: { description: 'The ticket.', schema: ticket } },
    },
    'GET /:id': {
      id: 'seeTicket',
      summary: 'One ticket',
      answers: { 200: { description: 'The ticket.', schema: ticket } },
      refuses: [TicketNotFound],
    },
    'PUT /:id': {
      id: 'editTicket',
      summary: 'Change a ticket of one’s own, while nobody has it',
      session: 'needed',
      body: ticketInput,
      answers: { 200: { description: 'The ticket as it is now.', schema: ticket } },
      refuses: [NotTheSeller, TicketIsReserved, TicketNotFound],
    },
  },
});
