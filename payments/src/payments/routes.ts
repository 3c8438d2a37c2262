// The doors to payments: HTTP in, use case, view out.
import { causeOf, idField, idParam, requireUser, userOf, validate } from '@ticketing/common';
import { idempotently, type IdempotentlyOptions } from '@ticketing/common/idempotency';
import type { Limit } from '@ticketing/common/limits';
import { Router, type Request, type Response } from 'express';
import { body, matchedData } from 'express-validator';
import { openPayment } from './open-payment';
import { payOnce } from './pay-once';
import type { PaymentInput, PayOrder } from './pay-order';
import { OrderNotFound } from './refusals';
import { seePayment } from './see-payment';
import { tokenPattern } from './token';

const tokenField = body('token')
  .custom((token) => typeof token === 'string' && tokenPattern.test(token))
  .withMessage('token must be a card token (tok_…) or a payment method (pm_…) of Stripe.');

export interface PaymentDoors extends PayOrder, IdempotentlyOptions {
  /** How often a person may try to pay an order. */
  paymentsOf: Limit;
  /** How often a browser may ask for an order's intent. */
  intentsOf: Limit;
}

export function paymentRoutes(deps: PaymentDoors): Router {
  const router = Router();
  router.param('orderId', idParam('orderId', OrderNotFound));

  router.post(
    '/',
    requireUser,
    validate(tokenField, idField('orderId')),
    idempotently(deps, async (request, once) => {
      const input = matchedData<PaymentInput>(request);
      const { id: userId } = userOf(request);
      await deps.paymentsOf.count(userId, input.orderId);
      const payment = await payOnce(deps, userId, { ...input, once }, causeOf(request));
      return { status: 201, body: { id: String(payment._id) } };
    }),
  );

  router.post(
    '/intents',
    requireUser,
    validate(idField('orderId')),
    async (request: Request, response: Response) => {
      const { orderId } = matchedData<{ orderId: string }>(request);
      await deps.intentsOf.count(userOf(request).id, orderId);
      const opened = await openPayment(deps, userOf(request).id, orderId, causeOf(request));
      response.set('Cache-Control', 'no-store').status(201).json(opened);
    },
  );

  router.get('/:orderId', requireUser, async (request: Request<{ orderId: string }>, response: Response) => {
    const orderId = request.params.orderId.toLowerCase();
    const payment = await seePayment(deps, userOf(request).id, orderId, causeOf(request));
    response.set('Cache-Control', 'no-store').json(payment);
  });
  return router;
}
