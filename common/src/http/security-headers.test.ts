import { createServer, type RequestListener } from 'node:http';
import helmet from 'helmet';
import request from 'supertest';
import { appWith } from '../testing/app';

const app = appWith((router) => {
  router.get('/', (_asked, response) => void response.json([]));
  router.get('/page', (_asked, response) => {
    response.set('Content-Security-Policy', "default-src 'self'").send('<p>');
  });
});

test('Every answer has all the headers that helmet sets, errors and probes included', async () => {
  const withHelmet = helmet();
  const listener: RequestListener = (asked, response) => {
    withHelmet(asked, response, () => response.end());
  };
  const server = createServer(listener);
  const { headers: expected } = await request(server).get('/');
  const names = Object.keys(expected).filter((name) => /^(x-|cross|content-sec|origin|referrer)/.test(name));
  expect(names.length).toBeGreaterThan(9);
  for (const path of ['/api/things', '/nowhere', '/api/things/%ff', '/healthz', '/metrics']) {
    const { headers } = await request(app).get(path);
    expect(Object.keys(headers)).toEqual(expect.arrayContaining(names));
    expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
  }
});

test('Browsers are told to stay with https by whoever was asked over it, and by nobody else', async () => {
  const secure = await request(app).get('/api/things').set('X-Forwarded-Proto', 'https');
  expect(secure.headers['strict-transport-security']).toMatch(/^max-age=31536000/);
  expect((await request(app).get('/api/things')).headers).not.toHaveProperty('strict-transport-security');
});

test('A route that answers with a page says what that page may do', async () => {
  const { headers } = await request(app).get('/api/things/page');
  expect(headers['content-security-policy']).toBe("default-src 'self'");
  expect(headers['x-frame-options']).toBe('DENY');
});
