import { safeNextPath, signInPath } from './next-path';

test.each([
  ['/orders/1?x=2#pay', '/orders/1?x=2#pay'],
  ['/', '/'],
  ['/tickets/a%20b', '/tickets/a%20b'],
])('%j is a path of ours', (next, path) => {
  expect(safeNextPath(next)).toBe(path);
});

test.each([
  undefined,
  '',
  'orders',
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example',
  '\\/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/.//evil.example',
  '/x/..//evil.example',
  'javascript:alert(1)',
  '/signin?next=/signin',
  '/signout',
])('%j leads to the front page', (next) => {
  expect(safeNextPath(next)).toBe('/');
});

test('signing in keeps the place, and only ours', () => {
  expect(signInPath('/orders/1?a=b', 'session')).toBe('/signin?next=%2Forders%2F1%3Fa%3Db&why=session');
  expect(signInPath('//evil.example')).toBe('/signin?next=%2F');
});
