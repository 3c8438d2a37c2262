import { askUntilKnown, codeOf, isSignedOut, readAnswer, type Answer } from './api';

const headers =
  (values: Record<string, string> = {}) =>
  (name: string): string | undefined =>
    values[name];

test('an answer carries its body, where the next page begins, and the service’s clock', () => {
  const link = '</api/tickets?limit=24&cursor=abc-1>; rel="next"';
  const date = 'Sat, 21 Nov 2026 12:00:00 GMT';
  expect(readAnswer(200, headers({ link, date }), '[1]', 5)).toMatchObject({
    ok: true,
    body: [1],
    nextCursor: 'abc-1',
    serverTime: Date.parse(date),
    sentAt: 5,
  });
  expect(readAnswer(204, headers(), '', 0)).toMatchObject({ ok: true, nextCursor: undefined });
});

test('a refusal keeps its codes', () => {
  const text = '{"errors":[{"message":"Please sign in first.","code":"session.not_signed_in"}]}';
  const answer = readAnswer(401, headers(), text, 0);
  expect(isSignedOut(answer)).toBe(true);
  expect(answer).toMatchObject({ ok: false, status: 401 });
});

test.each([
  [0, undefined],
  [502, '<html>Bad gateway</html>'],
  [503, '{}'],
  [200, '<html>Sign in to this network</html>'],
])('%i with %j is no answer of the API', (status, text) => {
  const answer = readAnswer(status, headers(), text, 0);
  expect(!answer.ok && codeOf(answer)).toBe('client.no_answer');
});

test('what a service has not heard of yet is asked for again, and anything else is not', async () => {
  const say = (code: string): Answer<unknown> =>
    readAnswer(404, headers(), JSON.stringify({ errors: [{ message: 'No.', code }] }), 0);
  const answers = [say('orders.ticket_not_found'), say('orders.ticket_not_found'), say('other')];
  const ask = jest.fn(() => Promise.resolve(answers.shift() ?? say('too many')));
  const answer = await askUntilKnown('orders.ticket_not_found', ask);
  expect(!answer.ok && codeOf(answer)).toBe('other');
  expect(ask).toHaveBeenCalledTimes(3);
});
