// What payments' routes take and answer, for people and programs who call them.
import { TooManyRequests } from '@ticketing/common';
import { defineApi, id, idInput } from '@ticketing/common/openapi';
import { z } from 'zod';
import {
  ActionRequired,
  AlreadyPaid,
  AmountNotChargeable,
  CardDeclined,
  CardUnusable,
  NotTheBuyer,
  OrderHasExpired,
  OrderIsCancelled,
  OrderNotFound,
  PaymentInProgress,
  WebhookUnverified,
} from './refusals';
import { tokenPattern } from './token';

const payable = [
  NotTheBuyer,
  OrderNotFound,
  OrderIsCancelled,
  OrderHasExpired,
  AlreadyPaid,
  PaymentInProgress,
  AmountNotChargeable,
  TooManyRequests,
];

const paymentId = id.describe('The payment’s, which is the order’s.');
const clientSecret = z.string().describe('With it a browser has the order’s intent charged.');

const paymentState = z
  .object({
    id: paymentId,
    orderId: id,
    status: z.enum(['none', 'pending', 'requires_action', 'refused', 'paid', 'refunded']),
    clientSecret: clientSecret.optional(),
    actionUrl: z.url().optional().describe('Of the sandbox alone: the page that stands for the bank’s.'),
    message: z.string().optional().describe('For people: what became of the last card.'),
  })
  .meta({ id: 'PaymentState' });

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
          schema: z.object({ id: paymentId }).meta({ id: 'Payment' }),
        },
      },
      refuses: [...payable, CardDeclined, CardUnusable, ActionRequired],
    },
    'POST /intents': {
      id: 'openPayment',
      summary: 'Have an order of one’s own paid in the browser, by Stripe’s Payment Element',
      description: 'Whoever asks again, in another tab or after a lost answer, is given the same.',
      session: 'needed',
      body: z
        .object({ orderId: idInput })
        .meta({ id: 'IntentInput', description: 'Any other field is without effect.' }),
      answers: {
        201: { description: 'The order’s one intent.', schema: z.object({ id: paymentId, clientSecret }) },
      },
      refuses: payable,
    },
    'GET /:orderId': {
      id: 'seePayment',
      summary: 'How the payment of an order of one’s own stands',
      description:
        '`none`: nothing is charged, nor being charged; `pending`: being charged, or being paid back; ' +
        '`requires_action`: the bank asks the buyer to confirm; `refused`: the last card was, another may pay; ' +
        '`paid`; `refunded`: in full.',
      session: 'needed',
      answers: { 200: { description: 'How it stands, asked of Stripe itself.', schema: paymentState } },
      refuses: [NotTheBuyer, OrderNotFound],
    },
    'POST /webhook': {
      id: 'hearStripe',
      summary: 'For Stripe alone, which signs what it sends; there where STRIPE_WEBHOOK_SECRET is given',
      isForOtherSites: true,
      isBodyRaw: true,
      headers: { 'Stripe-Signature': z.string().describe('Stripe’s, over the bytes of the body.') },
      body: z.looseObject({}).meta({ id: 'StripeEvent', description: 'An event as Stripe describes it.' }),
      answers: {
        200: { description: 'It was noted.', schema: z.object({ received: z.literal(true) }) },
      },
      refuses: [WebhookUnverified],
    },
  },
});
