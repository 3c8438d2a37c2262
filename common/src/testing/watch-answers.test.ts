import { createServer } from 'node:http';
import { Router, type RequestHandler } from 'express';
import request from 'supertest';
import { z } from 'zod';
import { defineApi } from '../openapi';
import { appWith } from './app';
import { routesOf } from './routes-of';
import { watchAnswers } from './watch-answers';

const api = defineApi({
  path: '/api/things',
  title: 'Things',
  description: 'Things.',
  operations: {
    'GET /': {
      id: 'seeThings',
      summary: 'x',
      answers: { 200: { description: 'x', schema: z.object({ a: z.int() }) } },
    },
  },
});

/** What is found wrong with the answers to some requests. */
async function problemsOf(handler: RequestHandler, ...paths: string[]): Promise<string[]> {
  const { listener, problems } = watchAnswers(appWith((router) => router.get('/', handler), { api }));
  for (const path of paths) await request(createServer(listener)).get(path);
  return problems;
}

describe('Answers are watched', () => {
  test('whether they are sent at once or in pieces', async () => {
    expect(await problemsOf((_asked, response) => void response.json({ a: 1 }), '/api/things')).toEqual([]);
    expect(
      await problemsOf((_asked, response) => void response.json({ a: 'x' }), '/api/things'),
    ).toHaveLength(1);
    const inPieces: RequestHandler = (_asked, response) => {
      response.type('json').write('{"a":');
      response.write(Buffer.from('"x"'));
      response.end('}');
    };
    expect(await problemsOf(inPieces, '/api/things')).toEqual([expect.stringContaining('{"a":"x"}')]);
  });

  test('of routes only, not of documents and probes', async () => {
    const paths = ['/api/things/docs', '/api/things/docs/openapi.json', '/healthz', '/metrics'];
    expect(await problemsOf(() => undefined, ...paths)).toEqual([]);
  });

  test('which are what they were', async () => {
    const { listener } = watchAnswers(
      appWith((r) => r.get('/', (_q, s) => void s.json({ a: 'ä' })), { api }),
    );
    const answer = await request(createServer(listener)).get('/api/things');
    expect([answer.status, answer.body]).toEqual([200, { a: 'ä' }]);
  });
});

describe('The routes of an app', () => {
  const handler: RequestHandler = (_asked, response) => void response.json({});

  test('are told by method and path, whatever else is mounted', () => {
    const app = appWith(
      (router) => {
        router.use(handler);
        router.param('id', () => undefined);
        router.route('/:id').put(handler).get(handler);
        router.post('/', handler, handler);
      },
      { api },
    );
    expect(routesOf(app)).toEqual(['GET /:id', 'POST /', 'PUT /:id']);
    const operations = { 'POST /hook': { id: 'x', summary: 'x', answers: {} } };
    const hook = { '/api/things/hook': Router().post('/', handler), '/api/things': Router() };
    const given = { api: { ...api, operations }, routes: hook };
    expect(routesOf(appWith(() => undefined, given))).toEqual(['POST /hook']);
  });

  test('cannot hide: outside the path, in a router of their own, or on the app itself', () => {
    const elsewhere = { '/api/things': Router(), '/api/others': Router() };
    expect(() => routesOf(appWith(() => undefined, { api, routes: elsewhere }))).toThrow(
      'mounted outside /api/things',
    );
    const nested = appWith((router) => router.use('/deep', Router().get('/', handler)), { api });
    expect(() => routesOf(nested)).toThrow('A router within a router');
    const alone = appWith(() => undefined, { api });
    alone.get('/api/things/alone', handler);
    expect(() => routesOf(alone)).toThrow('/api/things/alone');
    expect(() => routesOf(appWith(() => undefined))).toThrow('no document');
  });
});
