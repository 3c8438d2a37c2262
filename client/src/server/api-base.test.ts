import { apiBase } from './api-base';

test.each(['/api/users', '/api/orders/1', '/'])('one address is for every path: %s', (path) => {
  expect(apiBase(path, 'http://localhost:3000')).toBe('http://localhost:3000');
});

const each = '/api=http://rest:1, /api/users=http://auth-srv:3000,/api/orders=https://orders-srv:3000';

test.each([
  ['/api/users', 'http://auth-srv:3000'],
  ['/api/users/signin', 'http://auth-srv:3000'],
  ['/api/orders?limit=1', 'https://orders-srv:3000'],
  ['/api/orders/1/x', 'https://orders-srv:3000'],
  ['/api/usersx', 'http://rest:1'],
  ['/api', 'http://rest:1'],
])('of several the longest path that fits is taken: %s', (path, address) => {
  expect(apiBase(path, each)).toBe(address);
});

test.each([undefined, '', 'localhost:3000', '/api/users=', '/api/users=http://auth-srv:3000'])(
  'a setting that has no address for a path is told: %j',
  (setting) => {
    expect(() => apiBase('/api/tickets', setting)).toThrow('API_BASE');
  },
);
