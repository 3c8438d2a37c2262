import { actionLink, verdictOfPayment, type Payment } from './see-payment';

test.each<[Payment, unknown]>([
  [{ status: 'none' }, undefined],
  [{ status: 'none', clientSecret: 'x' }, undefined],
  [{ status: 'pending' }, { is: 'unknown' }],
  [{ status: 'paid' }, { is: 'charged' }],
  [
    { status: 'refused', message: 'Too poor.' },
    { is: 'refused', message: 'Too poor.' },
  ],
  [{ status: 'refunded' }, { is: 'over', message: 'This payment was paid back in full.' }],
  [
    { status: 'requires_action', clientSecret: 'x' },
    { is: 'action', clientSecret: 'x' },
  ],
  [
    { status: 'requires_action', actionUrl: 'http://bank' },
    { is: 'action', actionUrl: 'http://bank' },
  ],
])('%j is %j', (payment, verdict) => {
  expect(verdictOfPayment(payment)).toEqual(verdict);
});

test('the bank’s page leads back to the order, and nothing but a page is linked to', () => {
  expect(actionLink('http://bank.test/3ds/1?x=2', 'http://shop.test/orders/1?a=b&c=d')).toBe(
    'http://bank.test/3ds/1?x=2&return_url=http%3A%2F%2Fshop.test%2Forders%2F1%3Fa%3Db%26c%3Dd',
  );
  expect(actionLink('javascript:alert(1)', 'http://shop.test/')).toBeUndefined();
});
