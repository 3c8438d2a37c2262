import request from 'supertest';
import { appWith } from '../testing/app';
import { refusalIn } from '../testing/slice';

const doors = (trustProxy: string) =>
  appWith(
    (router) => {
      router.all('/{*path}', (_asked, response) => void response.json({}));
    },
    { trustProxy, crossSite: ['/api/things/webhook'] },
  );
const app = doors('10.0.0.1');
const behindProxy = doors('loopback');

type Headers = Record<string, string>;
const send = (headers: Headers, { method = 'post', path = '/api/things/1', to = app } = {}) =>
  request(to)
    [method as 'post'](path)
    .set({ Host: 'ticketing.dev', ...headers });

test.each<[string, Headers]>([
  ['a program that is no browser', {}],
  ['our own page', { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://ticketing.dev' }],
  [
    'our own page behind a proxy that changed the host',
    { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://x' },
  ],
  ['the address bar', { 'Sec-Fetch-Site': 'none' }],
  ['our own page in an older browser', { Origin: 'https://ticketing.dev' }],
  ['our own page at a port', { Origin: 'http://localhost:3000', Host: 'localhost:3000' }],
])('What %s sends is taken', async (_who, headers) => {
  for (const method of ['post', 'put', 'patch', 'delete', 'get']) {
    expect((await send(headers, { method })).status).toBe(200);
  }
});

const strangers: [string, Headers][] = [
  ['another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.test' }],
  ['a neighbour under our domain', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://evil.ticketing.dev' }],
  [
    'another site that claims our origin',
    { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://ticketing.dev' },
  ],
  ['a word nobody knows', { 'Sec-Fetch-Site': 'same-origin, cross-site' }],
  ['an older browser on another site', { Origin: 'https://evil.test' }],
  ['a host that begins like ours', { Origin: 'https://ticketing.dev.evil.test' }],
  ['a host that ends like ours', { Origin: 'https://evil-ticketing.dev' }],
  ['another port', { Origin: 'https://ticketing.dev:8443' }],
  ['a page without an origin', { Origin: 'null' }],
  ['an origin that is none', { Origin: 'ticketing.dev' }],
  [
    'a forwarded host that nobody trusted wrote',
    { Origin: 'https://evil.test', 'X-Forwarded-Host': 'evil.test' },
  ],
];
test.each(strangers)('What %s sends is refused', async (_who, headers) => {
  for (const method of ['post', 'put', 'patch', 'delete']) {
    expect(refusalIn(await send(headers, { method }))).toEqual([403, 'request.cross_site']);
  }
});

test.each(strangers)('What changes nothing may come from %s', async (_who, headers) => {
  expect((await send(headers, { method: 'get' })).status).toBe(200);
});

test('The host may be one that a trusted proxy passed on', async () => {
  const headers = { Host: 'auth-srv', 'X-Forwarded-Host': 'ticketing.dev' };
  const ours = await send({ ...headers, Origin: 'https://ticketing.dev' }, { to: behindProxy });
  expect(ours.status).toBe(200);
  const theirs = await send({ ...headers, Origin: 'https://auth-srv' }, { to: behindProxy });
  expect(theirs.status).toBe(403);
});

test('A webhook is called from elsewhere, and only its very path is', async () => {
  const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://stripe.test' };
  expect((await send(headers, { path: '/api/things/webhook?x=1' })).status).toBe(200);
  for (const path of ['/api/things/webhooks', '/api/things/webhook/1', '/api/things?/api/things/webhook']) {
    expect((await send(headers, { path })).status).toBe(403);
  }
});
