import { createHash } from 'node:crypto';
import request from 'supertest';
import { z } from 'zod';
import { requireUser } from '../http';
import { appWith } from '../testing/app';
import { defineApi, id } from './define-api';
import { documentOf } from './document';

const api = defineApi({
  path: '/api/things',
  title: 'Things',
  description: 'Of <b>all</b> & "every" `kind`.',
  operations: {
    'GET /:id': {
      id: 'seeThing',
      summary: 'One thing',
      answers: {
        200: { description: 'It.', schema: z.object({ id }).meta({ id: 'Thing', description: '<script>' }) },
      },
    },
  },
});
const app = appWith(
  (router) => {
    router.use(requireUser);
    router.get('/:id', (asked, response) => void response.json({ id: asked.params.id }));
  },
  { api },
);
const docs = (accept?: string) => {
  const asked = request(app).get('/api/things/docs');
  return accept === undefined ? asked : asked.set('Accept', accept);
};

test('the document is for everybody, and `docs` is no id', async () => {
  const answer = await request(app).get('/api/things/docs/openapi.json');
  expect([answer.status, answer.type]).toEqual([200, 'application/json']);
  expect(answer.body).toEqual(JSON.parse(JSON.stringify(documentOf(api))));
  expect((await request(app).get('/api/things/docs2')).status).toBe(401);
});

test.each(['application/json', 'application/vnd.oai.openapi+json, application/json;q=0.9'])(
  'who asks for JSON is answered JSON: %s',
  async (accept) => {
    const answer = await docs(accept);
    expect([answer.type, answer.headers['vary']]).toEqual(['application/json', 'Accept']);
    expect(answer.body).toMatchObject({ openapi: '3.1.1' });
  },
);

test.each([undefined, '*/*', 'text/html,application/xhtml+xml,*/*;q=0.8', 'image/png'])(
  'everybody else is answered a page: %s',
  async (accept) => {
    expect((await docs(accept)).type).toBe('text/html');
  },
);

test('the page loads and runs nothing, and its one style is the one that its policy names', async () => {
  const { text, headers } = await docs();
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  const [, style = ''] = /<style>(.*)<\/style>/s.exec(text) ?? [];
  expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  expect(text).not.toMatch(/<script|<link|<img|<iframe|\sstyle=|\son\w+=|https?:\/\//);
});

test('the page tells every route, answer and shape, as text', async () => {
  const { text } = await docs();
  expect(text).toContain('Of &lt;b&gt;all&lt;/b&gt; &amp; &quot;every&quot; <code>kind</code>.');
  expect(text).toContain('<code>GET /api/things/{id}</code>');
  expect(text).toContain('<code>server.unavailable</code>');
  const targets = [...text.matchAll(/href="#([^"]+)"/g)].map(([, name]) => name);
  expect(targets).toContain('schema-Thing');
  for (const name of targets) expect(text).toContain(` id="${String(name)}"`);
});
