import { readCard, testCards } from './test-cards';

const now = new Date('2026-11-21T12:00:00Z');
const good = { number: '4242424242424242', expiry: '12/34', cvc: '123' };

test('a test card becomes its token, however it is spaced', () => {
  expect(readCard(good, now)).toEqual({ token: 'tok_visa' });
  expect(readCard({ ...good, number: '4000 0000 0000 0002' }, now)).toEqual({ token: 'tok_chargeDeclined' });
  expect(readCard({ ...good, expiry: '12 / 2034', cvc: ' 1234 ' }, now)).toEqual({ token: 'tok_visa' });
  for (const { number, token } of testCards) expect(readCard({ ...good, number }, now)).toEqual({ token });
});

test('a card is good to the end of its month', () => {
  expect(readCard({ ...good, expiry: '11/26' }, now)).toEqual({ token: 'tok_visa' });
  expect(readCard({ ...good, expiry: '10/26' }, now)).toEqual({ problems: { expiry: expect.any(String) } });
});

test.each([
  [{ ...good, number: '4111 1111 1111 1111' }, 'number'],
  [{ ...good, expiry: '13/34' }, 'expiry'],
  [{ ...good, expiry: '0/34' }, 'expiry'],
  [{ ...good, cvc: '12' }, 'cvc'],
  [{}, 'number,expiry,cvc'],
])('%j is wrong in %s', (values, fields) => {
  const outcome = readCard(values, now);
  expect('problems' in outcome && Object.keys(outcome.problems).join()).toBe(fields);
});
