// The doors to tickets: HTTP in, use case, view out.
import {
  causeOf,
  idParam,
  pageOf,
  pageQuery,
  renderPage,
  requireUser,
  sendPage,
  sharesReads,
  userOf,
  validate,
  type LiveStream,
  type Page,
} from '@ticketing/common';
import { Router, type Request, type Response } from 'express';
import { matchedData, query } from 'express-validator';
import { editTicket } from './edit-ticket';
import { findTickets, priceSorts, type PriceSort } from './find-tickets';
import { maxQueryLength, ticketInput, type TicketInput } from './input';
import { listTicket } from './list-ticket';
import { TicketNotFound } from './refusals';
import { sumListings } from './sum-listings';
import { viewTicket, type Ticket, type Tickets } from './ticket';

const listQuery = [
  ...pageQuery,
  query('q')
    .optional()
    .custom((text) => typeof text === 'string' && [...text].length <= maxQueryLength)
    .withMessage(`q must be one text of at most ${maxQueryLength} characters.`)
    .trim(),
  query('seller').optional().equals('me').withMessage('seller can only be "me".'),
  query('sort')
    .optional()
    .custom(
      (sort, { req }) =>
        typeof sort === 'string' && Object.hasOwn(priceSorts, sort) && !req.query?.['seller'],
    )
    .withMessage('sort can only be "price" or "-price", and of what can be bought.'),
];

export function ticketRoutes(tickets: Tickets, live: LiveStream): Router {
  const router = Router();
  const sharePages = sharesReads<Page>();
  router.param('id', idParam('id', TicketNotFound));

  router.get('/', validate(...listQuery), async (request: Request, response: Response) => {
    const { q, seller, sort } = matchedData<{ q?: string; seller?: string; sort?: PriceSort }>(request);
    const wanted = {
      ...pageOf(request),
      sellerId: seller ? userOf(request).id : undefined,
      text: q === '' ? undefined : q,
      sort,
    };
    const keyOf = sort && (({ priceInCents }: Ticket) => priceInCents);
    // Many look at the same first page: what they wait for together is found and written down once.
    const page = await sharePages(JSON.stringify(wanted), async () =>
      renderPage(await findTickets(tickets, wanted), wanted.limit, viewTicket, keyOf),
    );
    sendPage(request, response, page);
  });

  router.get('/totals', requireUser, async (request: Request, response: Response) => {
    response.json(await sumListings(tickets, userOf(request).id));
  });

  router.post('/', requireUser, validate(...ticketInput), async (request: Request, response: Response) => {
    const input = matchedData<TicketInput>(request);
    const ticket = await listTicket(tickets, userOf(request).id, input, causeOf(request));
    response.status(201).json(viewTicket(ticket));
  });

  router.get(
    '/stream',
    live.route((request) => request.ip ?? ''),
  );

  router.get('/:id', async (request: Request<{ id: string }>, response: Response) => {
    const ticket = await tickets.find(request.params.id);
    if (!ticket) throw new TicketNotFound();
    response.json(viewTicket(ticket));
  });

  router.put(
    '/:id',
    requireUser,
    validate(...ticketInput),
    async (request: Request<{ id: string }>, response: Response) => {
      const input = matchedData<TicketInput>(request);
      const ticket = await editTicket(
        tickets,
        request.params.id,
        userOf(request).id,
        input,
        causeOf(request),
      );
      response.json(viewTicket(ticket));
    },
  );
  return router;
}
