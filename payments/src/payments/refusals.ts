// Why payments refuses; the README lists the codes.
import { refusal } from '@ticketing/common';

export const OrderNotFound = refusal(404, 'payments.order_not_found', 'There is no such order.', 'orderId');
export const NotTheBuyer = refusal(401, 'payments.not_the_buyer', 'This order is not yours.');
export const OrderIsCancelled = refusal(
  400,
  'payments.order_cancelled',
  'This order is cancelled and cannot be paid.',
);
export const OrderHasExpired = refusal(400, 'payments.order_expired', 'The time to pay this order is over.');
export const AlreadyPaid = refusal(400, 'payments.already_paid', 'This order is paid already.');
export const PaymentInProgress = refusal(
  400,
  'payments.in_progress',
  'This order is being paid this very moment. Look at it again in a few seconds.',
);
export const ActionRequired = refusal(
  400,
  'payments.action_required',
  'The bank asks the buyer to confirm this payment. Nothing is charged yet.',
);
export const CardDeclined = refusal(400, 'payments.card_declined', 'The card was declined.', 'token');
export const CardUnusable = refusal(400, 'payments.card_unusable', 'This card cannot be charged.', 'token');
export const AmountNotChargeable = refusal(
  400,
  'payments.amount_not_chargeable',
  'This amount is less or more than a card can be charged.',
);
export const WebhookUnverified = refusal(
  400,
  'payments.webhook_unverified',
  'This was not signed by Stripe within the last five minutes.',
);
