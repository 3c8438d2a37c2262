import { z } from 'zod';
import { refusal } from '../http';
import { defineApi, id } from '../openapi';
import { AnswerChecker, type Exchange } from './answer-checker';

const Taken = refusal(400, 'things.taken', 'This thing is taken.');
const Missing = refusal(404, 'things.not_found', 'There is no such thing.');
const thing = z.object({ id, parts: z.array(z.object({ size: z.number() })), at: z.string().optional() });
const api = defineApi({
  path: '/api/things',
  title: 'Things',
  description: 'Things.',
  operations: {
    'POST /': {
      id: 'makeThing',
      summary: 'x',
      session: 'needed',
      body: z.object({}),
      answers: { 201: { description: 'x', schema: thing } },
      refuses: [Taken],
    },
    'GET /:id': {
      id: 'seeThing',
      summary: 'x',
      answers: { 200: { description: 'x', schema: thing } },
      refuses: [Missing],
    },
    'GET /stream': {
      id: 'streamThings',
      summary: 'x',
      answers: { 200: { description: 'x', schema: z.string(), mediaType: 'text/event-stream' } },
    },
    'DELETE /:id': { id: 'endThing', summary: 'x', answers: { 204: { description: 'x' } } },
  },
});

const good = { id: 'a'.repeat(24), parts: [{ size: 1 }] };
const json = 'application/json; charset=utf-8';
const errors = (...codes: string[]) => ({ errors: codes.map((code) => ({ message: 'No.', code })) });

/** An answer to `GET /api/things/1` unless told otherwise. */
function problem(body: unknown, given: Partial<Exchange> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const checker = new AnswerChecker([api]);
  const asked = { method: 'GET', url: '/api/things/1?x=/', hasBody: false, status: 200, contentType: json };
  const found = checker.problemWith({ ...asked, text, ...given });
  return found ?? [...checker.seen].join();
}

test.each<[string, unknown, Partial<Exchange>, string]>([
  ['a thing', good, {}, 'seeThing 200'],
  ['a thing with what is optional', { ...good, at: 'x' }, {}, 'seeThing 200'],
  ['a refusal', errors('things.not_found'), { status: 404 }, 'seeThing 404 things.not_found'],
  [
    'what every operation may fail with',
    errors('server.fault'),
    { status: 500 },
    'seeThing 500 server.fault',
  ],
  ['nothing, where nothing is told', '', { method: 'DELETE', status: 204 }, 'endThing 204'],
  ['a stream', '', { url: '/api/things/stream', contentType: 'text/event-stream' }, 'streamThings 200'],
  ['the head of a thing', '', { method: 'HEAD' }, 'seeThing 200'],
  ['a refusal where nothing is', errors('request.route_not_found'), { url: '/api/x', status: 404 }, ''],
  [
    'a refusal of a body that nobody asked for',
    errors('request.too_large'),
    { hasBody: true, status: 413 },
    '',
  ],
])('%s is as documented', (_what, body, given, seen) => {
  expect(problem(body, given)).toBe(seen);
});

test.each<[string, unknown, Partial<Exchange>, string]>([
  ['a field that nobody told of', { ...good, secret: 1 }, {}, 'tells only of'],
  ['one within a list', { ...good, parts: [{ size: 1, secret: 1 }] }, {}, 'tells only of'],
  ['no field where one is told', { id: good.id }, {}, 'parts'],
  ['a field of another type', { ...good, id: 17 }, {}, 'expected string'],
  ['an id of another form', { ...good, id: 'x' }, {}, 'must match'],
  ['another success', good, { status: 201 }, '201 is not documented'],
  ['a redirection', '', { status: 302 }, '302 is not documented'],
  ['another type', JSON.stringify(good), { contentType: 'text/html' }, 'type is text/html'],
  ['what is no JSON', '{', {}, 'Invalid input'],
  ['a body where none is told', '{}', { method: 'DELETE', status: 204 }, 'no body'],
  ['another refusal', errors('things.taken'), { status: 400 }, 'does not tell of 400 things.taken'],
  [
    'a second refusal',
    errors('things.not_found', 'things.x'),
    { status: 404 },
    'does not tell of 404 things.x',
  ],
  ['a refusal by another status', errors('things.not_found'), { status: 400 }, 'does not tell of 400'],
  [
    'a refusal with more to it',
    { ...errors('things.not_found'), stack: 'x' },
    { status: 404 },
    'nor is this',
  ],
  ['a refusal of nothing', { errors: [] }, { status: 404 }, 'nor is this'],
  ['a fault without a word', '', { status: 500 }, 'nor is this'],
  ['a success where nothing is', '{}', { url: '/api/others' }, 'not documented'],
  ['a fault where nothing is', errors('server.fault'), { url: '/api/others', status: 500 }, 'not documented'],
  [
    'a body refused where it is not read',
    errors('request.too_large'),
    { status: 413 },
    'does not tell of 413',
  ],
])('%s is not', (_what, body, given, message) => {
  expect(problem(body, given)).toContain(message);
});
