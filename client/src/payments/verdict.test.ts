import type { Answer, Api } from '../api/api';
import { payWithToken, verdictOn } from './verdict';

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
  [400, 'payments.action_required', 'action'],
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

test('a bank that wants to be asked is found by looking at the payment, and never taken for a charge', async () => {
  const answering =
    (payment: Answer<unknown>): Api =>
    <T>(method: string) =>
      Promise.resolve((method === 'POST' ? refusal(400, 'payments.action_required') : payment) as Answer<T>);
  const body = { status: 'requires_action', actionUrl: 'http://bank' };
  const found: Answer<unknown> = { ...heard, ok: true, status: 200, body, nextCursor: undefined };
  expect(await payWithToken(answering(found), '1', 'tok')).toEqual({
    is: 'action',
    actionUrl: 'http://bank',
  });
  expect(await payWithToken(answering(refusal(503, 'x.y')), '1', 'tok')).toEqual({ is: 'unknown' });
});
