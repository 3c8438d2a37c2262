// The door to payments: HTTP in, use case, id out.
import { causeOf, idField, requireUser, userOf, validate } from '@ticketing/common';
import type { Limit } from '@ticketing/common/limits';
import { Router, type Request, type Response } from 'express';
import { body, matchedData } from 'express-validator';
import { payOrder, type PaymentInput, type PayOrder } from './pay-order';

const tokenField = body('token')
  .custom((token) => typeof token === 'string' && /^(tok|pm)_\w{1,200}$/.test(token))
  .withMessage('token must be a card token (tok_…) or a payment method (pm_…) of Stripe.');

export interface PaymentDoors extends PayOrder {
  /** How often a person may try to pay an order. */
  paymentsOf: Limit;
}

export function paymentRoutes(deps: PaymentDoors): Router {
  const router = Router();
  router.post(
    '/',
    requireUser,
    validate(tokenField, idField('orderId')),
    async (request: Request, response: Response) => {
      const input = matchedData<PaymentInput>(request);
      await deps.paymentsOf.count(userOf(request).id, input.orderId);
      const payment = await payOrder(deps, userOf(request).id, input, causeOf(request));
      response.status(201).json({ id: String(payment._id) });
    },
  );
  return router;
}
