import type { Answer } from '../api/api';
import { verdictOn } from './verdict';

const heard = { serverTime: undefined, sentAt: 0, heardAt: 0 };
const refusal = (status: number, code: string): Answer<unknown> => ({
  ...heard,
  ok: false,
  status,
  errors: [{ code, message: 'Why.' }],
});

test('an answer with the payment is a charge', () => {
  expect(verdictOn({ ...heard, ok: true, status: 201, body: {}, nextCursor: undefined })).toEqual({
    is: 'charged',
  });
});

test.each([
  [400, 'payments.already_paid', 'charged'],
  [400, 'payments.in_progress', 'unknown'],
  [0, 'client.no_answer', 'unknown'],
  [200, 'client.no_answer', 'unknown'],
  [500, 'server.fault', 'unknown'],
  [503, 'server.unavailable', 'unknown'],
  [504, 'gateway.timeout', 'unknown'],
  [400, 'payments.order_expired', 'over'],
  [400, 'payments.order_cancelled', 'over'],
  [404, 'payments.order_not_found', 'over'],
  [401, 'session.not_signed_in', 'signed-out'],
  [400, 'payments.card_declined', 'refused'],
  [400, 'payments.card_unusable', 'refused'],
  [400, 'payments.amount_not_chargeable', 'refused'],
  [401, 'payments.not_the_buyer', 'refused'],
  [429, 'request.too_many', 'refused'],
])('%i %s is %s', (status, code, is) => {
  expect(verdictOn(refusal(status, code)).is).toBe(is);
});
