import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breaks } from './breaks.mjs';

/** @typedef {Record<string, any>} Tree */

/** A document with one of everything; tests change a copy of it. @returns {any} */
const document = () => ({
  paths: {
    '/things': {
      get: {
        operationId: 'findThings',
        security: [{}, { session: [] }],
        parameters: [
          {
            name: 'limit',
            in: 'query',
            required: false,
            schema: { type: 'integer', minimum: 1, maximum: 100 },
          },
          { name: 'seller', in: 'query', required: false, schema: { type: 'string', const: 'me' } },
        ],
        responses: {
          200: {
            headers: { Link: {} },
            content: {
              'application/json': {
                schema: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
              },
            },
          },
          400: { content: { 'application/json': { schema: refusal('a.bad', 'a.worse') } } },
        },
      },
      post: {
        operationId: 'makeThing',
        security: [],
        requestBody: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/NewThing' } } },
        },
        responses: { 204: {}, 500: { $ref: '#/components/responses/fault' } },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        properties: {
          id: { type: 'string', pattern: '^x$' },
          status: { type: 'string', enum: ['new', 'old'] },
          owner: { anyOf: [{ type: 'object', properties: { id: { type: 'string' } } }, { type: 'null' }] },
          soldAt: { type: 'string' },
        },
        required: ['id', 'status', 'owner'],
      },
      NewThing: {
        type: 'object',
        properties: {
          title: { type: 'string', minLength: 1, maxLength: 200 },
          price: { anyOf: [{ type: 'number' }, { type: 'string' }] },
        },
        required: ['title'],
      },
    },
    responses: { fault: { content: { 'application/json': { schema: refusal('server.fault') } } } },
  },
});

/** @param {string[]} codes */
const refusal = (...codes) => ({
  allOf: [{}, { properties: { errors: { items: { properties: { code: { enum: codes } } } } } }],
});

/** @param {(after: any) => void} change what is broken by it */
function brokenBy(change) {
  const after = document();
  change(after);
  return breaks(document(), after);
}
/** @param {any} d */ const list = (d) => d.paths['/things'].get;
/** @param {any} d */ const make = (d) => d.paths['/things'].post;
/** @param {any} d */ const thing = (d) => d.components.schemas.Thing;
/** @param {any} d */ const input = (d) => d.components.schemas.NewThing;

/** @type {[string, (d: any) => void][]} */
const harmless = [
  ['nothing', () => undefined],
  ['a new path', (d) => (d.paths['/others'] = { get: list(d) })],
  ['a new method', (d) => (d.paths['/things'].put = make(d))],
  [
    'a new optional parameter',
    (d) => list(d).parameters.push({ name: 'q', in: 'query', required: false, schema: {} }),
  ],
  ['a wider parameter', (d) => (list(d).parameters[0].schema.maximum = 500)],
  [
    'a parameter with one word more',
    (d) => (list(d).parameters[1].schema = { type: 'string', enum: ['me', 'x'] }),
  ],
  ['a new field in an answer', (d) => (thing(d).properties.extra = { type: 'string' })],
  ['a field that is never missing any more', (d) => thing(d).required.push('soldAt')],
  ['an answer with one word less', (d) => (thing(d).properties.status.enum = ['new'])],
  ['an answer that is never null any more', (d) => thing(d).properties.owner.anyOf.pop()],
  ['a new optional input', (d) => (input(d).properties.note = { type: 'string' })],
  ['an input that may be left out', (d) => (input(d).required = [])],
  ['a longer input', (d) => (input(d).properties.title.maxLength = 300)],
  ['an input without a bound', (d) => delete input(d).properties.title.minLength],
  ['one more kind of input', (d) => input(d).properties.price.anyOf.push({ type: 'null' })],
  [
    'a new code',
    (d) => (list(d).responses[400] = { content: { x: { schema: refusal('a.bad', 'a.worse', 'a.new') } } }),
  ],
  ['a new refusal', (d) => (list(d).responses[429] = {})],
  ['a new success', (d) => (make(d).responses[201] = {})],
  ['a session that is no longer needed', (d) => (list(d).security = [])],
];
for (const [what, change] of harmless) {
  test(`${what} breaks nothing`, () => assert.deepEqual(brokenBy(change), []));
}

/** @type {[string, (d: any) => void, string][]} */
const harmful = [
  ['a path that is gone', (d) => (d.paths['/things'] = { post: make(d) }), 'GET /things is no longer there'],
  ['a method that is gone', (d) => delete d.paths['/things'].post, 'POST /things is no longer there'],
  ['another operationId', (d) => (make(d).operationId = 'x'), 'POST /things has another operationId'],
  [
    'a session that is needed',
    (d) => (list(d).security = [{ session: [] }]),
    'GET /things is no longer for everybody',
  ],
  [
    'a parameter that is gone',
    (d) => list(d).parameters.pop(),
    'GET /things: query parameter seller is no longer there',
  ],
  [
    'a parameter that is asked for',
    (d) => (list(d).parameters[0].required = true),
    'GET /things: query parameter limit is asked for',
  ],
  [
    'a new parameter that is asked for',
    (d) => list(d).parameters.push({ name: 'X', in: 'header', required: true, schema: {} }),
    'GET /things: header parameter X is asked for',
  ],
  [
    'a narrower parameter',
    (d) => (list(d).parameters[0].schema.maximum = 50),
    'GET /things: query parameter limit: maximum is 100 against 50',
  ],
  [
    'a parameter of other words',
    (d) => (list(d).parameters[1].schema.const = 'us'),
    'GET /things: query parameter seller may not be me',
  ],
  [
    'a new input that is asked for',
    (d) => input(d).required.push('price'),
    'POST /things: body.price may be missing',
  ],
  [
    'an input that is gone',
    (d) => delete input(d).properties.price,
    'POST /things: body.price is no longer there',
  ],
  [
    'a shorter input',
    (d) => (input(d).properties.title.maxLength = 100),
    'POST /things: body.title: maxLength is 200 against 100',
  ],
  [
    'an input with a pattern',
    (d) => (input(d).properties.title.pattern = '^A'),
    'POST /things: body.title: pattern is none against ^A',
  ],
  [
    'an input of another type',
    (d) => (input(d).properties.title = { type: 'number' }),
    'POST /things: body.title is string instead of number',
  ],
  [
    'one kind of input less',
    (d) => input(d).properties.price.anyOf.pop(),
    'POST /things: body.price is string instead of number',
  ],
  ['a body that is not read', (d) => delete make(d).requestBody, 'POST /things: its body is no longer read'],
  [
    'a body that is asked for',
    (d) => (list(d).requestBody = make(d).requestBody),
    'GET /things: a body is asked for',
  ],
  ['a status that is gone', (d) => delete make(d).responses[204], 'POST /things: 204 is no longer answered'],
  ['a refusal that is gone', (d) => delete make(d).responses[500], 'POST /things: 500 is no longer answered'],
  [
    'a code that is gone',
    (d) => (d.components.responses.fault = { content: { x: { schema: refusal('server.other') } } }),
    'POST /things: 500 server.fault is no longer answered',
  ],
  [
    'a header that is gone',
    (d) => delete list(d).responses[200].headers,
    'GET /things: 200 has no header Link any more',
  ],
  [
    'another media type',
    (d) => (list(d).responses[200].content = { 'text/csv': { schema: {} } }),
    'GET /things: 200 is no longer application/json',
  ],
  [
    'a body where there was none',
    (d) => (make(d).responses[204].content = { 'application/json': { schema: {} } }),
    'POST /things: 204 has a body',
  ],
  [
    'a field that is gone',
    (d) => delete thing(d).properties.soldAt,
    'GET /things: 200[].soldAt is no longer there',
  ],
  ['a field that may be missing', (d) => thing(d).required.pop(), 'GET /things: 200[].owner may be missing'],
  [
    'a field of another type',
    (d) => (thing(d).properties.soldAt = { type: ['string', 'null'] }),
    'GET /things: 200[].soldAt is null instead of string',
  ],
  [
    'a field of any type',
    (d) => (thing(d).properties.soldAt = {}),
    'GET /things: 200[].soldAt is anything instead of string',
  ],
  [
    'a new word in an answer',
    (d) => thing(d).properties.status.enum.push('lost'),
    'GET /things: 200[].status may not be lost',
  ],
  [
    'a field of another form',
    (d) => (thing(d).properties.id.pattern = '^y$'),
    'GET /things: 200[].id: pattern is ^y$ against ^x$',
  ],
  [
    'one more kind of answer',
    (d) => thing(d).properties.owner.anyOf.push({ type: 'string' }),
    'GET /things: 200[].owner: {"type":"string"} is not allowed',
  ],
];
for (const [what, change, problem] of harmful) {
  test(`${what} breaks a promise`, () => assert.deepEqual(brokenBy(change), [problem]));
}

test('a reference to nothing is no document', () => {
  assert.throws(() => brokenBy((d) => delete d.components.responses.fault), /refers to nothing/);
});

test('a shape that contains itself is not compared for ever', () => {
  const selfish = (/** @type {any} */ d) =>
    (thing(d).properties.next = { $ref: '#/components/schemas/Thing' });
  assert.throws(() => brokenBy(selfish), /contains itself/);
});
