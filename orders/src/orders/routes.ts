// The doors to orders: HTTP in, use case, view out.
import {
  causeOf,
  idField,
  idParam,
  newestFirst,
  olderThan,
  pageOf,
  pageQuery,
  renderPage,
  requireUser,
  sendPage,
  userOf,
  validate,
  type LiveStream,
} from '@ticketing/common';
import { idempotently, type IdempotentlyOptions } from '@ticketing/common/idempotency';
import type { Limit } from '@ticketing/common/limits';
import { Router, type Request, type Response } from 'express';
import { matchedData } from 'express-validator';
import { cancel } from './cancel-order';
import { viewOrder, type Order } from './order';
import { placeOrder, type PlaceOrder } from './place-order';
import { NotTheBuyer, OrderAlreadyComplete, OrderNotFound } from './refusals';

export interface OrderDoors extends PlaceOrder, IdempotentlyOptions {
  /** How often a person may try to order. */
  ordersBy: Limit;
  live: LiveStream;
}

export function orderRoutes(deps: OrderDoors): Router {
  const { orders } = deps;
  const router = Router();
  router.use(requireUser);
  router.param('id', idParam('id', OrderNotFound));

  const guardBuyer = (order: Order, request: Request): void => {
    if (order.userId !== userOf(request).id) throw new NotTheBuyer();
  };

  router.post(
    '/',
    validate(idField('ticketId')),
    idempotently(deps, async (request, once) => {
      const { ticketId } = matchedData<{ ticketId: string }>(request);
      const { id: userId } = userOf(request);
      await deps.ordersBy.count(userId);
      const order = await placeOrder(deps, { userId, ticketId, once }, causeOf(request));
      return { status: 201, body: viewOrder(order) };
    }),
  );

  router.get('/', validate(...pageQuery), async (request: Request, response: Response) => {
    const { limit, after } = pageOf(request);
    const found = await orders.model
      .find({ userId: userOf(request).id, ...olderThan(after) })
      .sort(newestFirst)
      .limit(limit + 1)
      .lean<Order[]>()
      .exec();
    sendPage(request, response, renderPage(found, limit, viewOrder));
  });

  router.get(
    '/stream',
    deps.live.route((request) => userOf(request).id),
  );

  router.get('/:id', async (request: Request<{ id: string }>, response: Response) => {
    const order = await orders.find(request.params.id);
    if (!order) throw new OrderNotFound();
    guardBuyer(order, request);
    response.json(viewOrder(order));
  });

  router.delete('/:id', async (request: Request<{ id: string }>, response: Response) => {
    const cancelled = await orders.change(
      request.params.id,
      (order) => {
        guardBuyer(order, request);
        if (order.status === 'complete') throw new OrderAlreadyComplete();
        return cancel(order, 'cancelled');
      },
      causeOf(request),
    );
    if (!cancelled) throw new OrderNotFound();
    response.status(204).end();
  });
  return router;
}
