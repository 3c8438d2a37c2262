import { z } from 'zod';
import { refusal } from '../http/refusal';
import { defineApi, id, pageAnswer, pageParameters, type Api } from './define-api';
import { documentOf } from './document';
import { mergeDocuments } from './merge-documents';

const ThingNotFound = refusal(404, 'things.not_found', 'There is no such thing.');
const ThingTaken = refusal(400, 'things.taken', 'This thing is taken.');
const thing = z.object({ id, madeAt: z.iso.datetime().optional() }).meta({ id: 'Thing' });

const api = (given: Partial<Api> = {}): Api =>
  defineApi({
    path: '/api/things',
    title: 'Things',
    description: 'Things.',
    operations: {
      'GET /': {
        id: 'findThings',
        summary: 'All things',
        session: 'used',
        query: pageParameters,
        headers: { 'If-Thing': z.string() },
        answers: { 200: pageAnswer('A page.', thing) },
      },
      'POST /': {
        id: 'makeThing',
        summary: 'Make a thing',
        session: 'needed',
        body: z.object({ name: z.string(), count: z.int().default(1) }),
        answers: { 201: { description: 'The thing.', schema: thing } },
        refuses: [ThingTaken],
      },
      'DELETE /:id': {
        id: 'endThing',
        summary: 'End a thing',
        answers: { 204: { description: 'Ended.' } },
        refuses: [ThingNotFound],
      },
      'GET /:id/parts': {
        id: 'findParts',
        summary: 'Its parts',
        answers: { 200: { description: 'Parts, as they come.', mediaType: 'text/event-stream' } },
      },
    },
    ...given,
  });

/** The codes that an operation may refuse with, by status. */
function codesOf(document: ReturnType<typeof documentOf>, path: string, method: string) {
  const { responses = {} } = document.paths[path]?.[method] ?? {};
  return Object.fromEntries(
    Object.entries(responses).flatMap(([status, answer]) => {
      if (Number(status) < 400) return [];
      const known =
        '$ref' in answer
          ? document.components.responses[answer.$ref.replace('#/components/responses/', '')]
          : answer;
      const schema = JSON.stringify(known?.content?.['application/json']?.schema);
      const [, codes = '[]'] = /"enum":(\[[^\]]*\])/.exec(schema) ?? [];
      return [[status, JSON.parse(codes) as string[]]];
    }),
  );
}

test('addresses, methods and parameters are those of the routes', () => {
  const { paths } = documentOf(api());
  expect(Object.entries(paths).map(([path, methods]) => [path, ...Object.keys(methods)])).toEqual([
    ['/api/things', 'get', 'post'],
    ['/api/things/{id}', 'delete'],
    ['/api/things/{id}/parts', 'get'],
  ]);
  expect(paths['/api/things']?.['get']?.parameters).toEqual([
    {
      name: 'limit',
      in: 'query',
      required: false,
      description: 'How many at most.',
      schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
    },
    {
      name: 'cursor',
      in: 'query',
      required: false,
      description: expect.any(String),
      schema: { type: 'string' },
    },
    { name: 'If-Thing', in: 'header', required: true, schema: { type: 'string' } },
  ]);
  expect(paths['/api/things/{id}']?.['delete']?.parameters).toMatchObject([
    { name: 'id', in: 'path', required: true },
  ]);
});

test('what is named stands once, and answers stay open to new fields', () => {
  const { paths, components } = documentOf(api());
  expect(components.schemas).toMatchObject({
    Id: { type: 'string', pattern: '^[0-9a-f]{24}$' },
    Thing: {
      type: 'object',
      properties: {
        id: { $ref: '#/components/schemas/Id' },
        madeAt: { type: 'string', format: 'date-time' },
      },
      required: ['id'],
    },
  });
  expect(JSON.stringify(components)).not.toContain('additionalProperties');
  expect(components.schemas['Thing']).not.toHaveProperty('id');
  const list = paths['/api/things']?.['get']?.responses['200'];
  expect(list).toMatchObject({
    content: {
      'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Thing' } } },
    },
    headers: { Link: { description: expect.stringContaining('next') } },
  });
});

test('an input with a default may be left out', () => {
  const schema =
    documentOf(api()).paths['/api/things']?.['post']?.requestBody?.content['application/json']?.schema;
  expect(schema).toMatchObject({ required: ['name'], properties: { count: { default: 1 } } });
});

test('an operation refuses for its own reasons and for those of its kind', () => {
  const document = documentOf(api());
  const always = { 500: ['server.fault'], 503: ['server.unavailable'] };
  expect(codesOf(document, '/api/things', 'get')).toEqual({
    400: ['request.invalid', 'request.malformed'],
    ...always,
  });
  expect(codesOf(document, '/api/things', 'post')).toEqual({
    400: ['request.invalid', 'request.malformed', 'request.malformed_json', 'things.taken'],
    401: ['session.not_signed_in'],
    403: ['request.cross_site'],
    413: ['request.too_large'],
    415: ['request.unsupported_body'],
    ...always,
  });
  expect(codesOf(document, '/api/things/{id}', 'delete')).toEqual({
    400: ['request.malformed'],
    403: ['request.cross_site'],
    404: ['things.not_found'],
    ...always,
  });
  expect(document.components.responses['server.unavailable']?.headers).toHaveProperty('Retry-After');
});

test('only who needs a session is asked for one', () => {
  const { paths } = documentOf(api());
  const security = (path: string, method: string) => paths[path]?.[method]?.security;
  expect(security('/api/things', 'post')).toEqual([{ session: [] }]);
  expect(security('/api/things', 'get')).toEqual([{}, { session: [] }]);
  expect(security('/api/things/{id}', 'delete')).toEqual([]);
});

describe('One document of several', () => {
  const other = (schema: z.ZodType) =>
    api({
      path: '/api/others',
      title: 'Others',
      operations: {
        'GET /': { id: 'findOthers', summary: 'x', answers: { 200: { description: 'x', schema } } },
      },
    });

  test('has the routes and the names of all', () => {
    const merged = mergeDocuments([documentOf(api()), documentOf(other(thing))], 'All.');
    expect(Object.keys(merged.paths)).toHaveLength(4);
    expect(merged.tags.map(({ name }) => name)).toEqual(['Things', 'Others']);
    expect(Object.keys(merged.components.schemas).sort()).toEqual(['Errors', 'Id', 'Thing']);
    expect(merged.components.responses).toHaveProperty(['server.fault']);
  });

  test('is not made where two mean different things by one name', () => {
    const namesake = z.object({ size: z.number() }).meta({ id: 'Thing' });
    expect(() => mergeDocuments([documentOf(api()), documentOf(other(namesake))], 'All.')).toThrow(
      'Two services mean different things by Thing.',
    );
  });
});
