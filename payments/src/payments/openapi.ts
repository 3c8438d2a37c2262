// What payments' routes take and answer, for people and programs who call them.
import { TooManyRequests } from '@ticketing/common';
import { defineApi, id, idInput } from '@ticketing/common/openapi';
import { z } from 'zod';
import {
  AlreadyPaid,
  AmountNotChargeable,
  CardDeclined,
  CardUnusable,
  NotTheBuyer,
  OrderHasExpired,
  OrderIsCancelled,
  OrderNotFound,
  PaymentInProgress,
} from './refusals';
import { tokenPattern } from './token';

export const paymentsApi = defineApi({
  path: '/api/payments',
  title: 'Payments',
  description:
    'Money: an order is charged once, and refunded by itself if a cancellation crosses the charge.',
  operations: {
    'POST /': {
      id: 'payOrder',
      summary: 'Pay an order of one’s own',
      session: 'needed',
      takesKey: true,
      body: z
        .object({
          orderId: idInput,
          token: z.string().regex(tokenPattern).describe('A card token or a payment method of Stripe.'),
        })
        .meta({
          id: 'PaymentInput',
          description: 'Any other field is without effect: what is charged is the order’s price.',
          examples: [{ orderId: '65f1c0ffee0ddba11c0ffee0', token: 'tok_visa' }],
        }),
      answers: {
        201: {
          description: 'The order is charged.',
          schema: z
            .object({ id: id.describe('The payment’s, which is the order’s.') })
            .meta({ id: 'Payment' }),
        },
      },
      refuses: [
        NotTheBuyer,
        OrderNotFound,
        OrderIsCancelled,
        OrderHasExpired,
        AlreadyPaid,
        PaymentInProgress,
        CardDeclined,
        CardUnusable,
        AmountNotChargeable,
        TooManyRequests,
      ],
    },
  },
});
