import { body, matchedData } from 'express-validator';
import request from 'supertest';
import { appWith } from '../testing/app';
import { newId } from '../testing/session';
import { refusal } from './refusal';
import { idField, idParam, isObjectId, validate } from './validation';

const ThingNotFound = refusal(404, 'things.not_found', 'There is no such thing.');

const app = appWith((router) => {
  router.post(
    '/',
    validate(
      idField('ticketId'),
      body('title').isString().withMessage('title must be a text.').notEmpty().withMessage('title is empty.'),
    ),
    (asked, response) => void response.json(matchedData(asked)),
  );
  router.get('/:id', idParam('id', ThingNotFound), (asked, response) => void response.json(asked.params));
});
const post = (given: unknown) =>
  request(app)
    .post('/api/things')
    .send(given as object);

describe('Input', () => {
  test('that fits is handed on, and nothing beside it', async () => {
    const ticketId = newId();
    const answer = await post({ ticketId, title: 'A concert', isAdmin: true });
    expect([answer.status, answer.body]).toEqual([200, { ticketId, title: 'A concert' }]);
  });

  test('that is wrong in several fields is refused with one sentence for each', async () => {
    const answer = await post({ ticketId: 'x', title: 17 });
    expect([answer.status, answer.body]).toEqual([
      400,
      {
        errors: [
          {
            message: 'ticketId must be an id of 24 hexadecimal digits.',
            field: 'ticketId',
            code: 'request.invalid',
          },
          { message: 'title must be a text.', field: 'title', code: 'request.invalid' },
        ],
      },
    ]);
  });

  test.each([
    ['is missing', {}],
    ['is a query', { ticketId: { $gt: '' } }],
    ['is a list of ids', { ticketId: ['0123456789abcdef01234567'] }],
    ['is a number', { ticketId: 12345678901234 }],
    ['is null', { ticketId: null }],
    ['is too short', { ticketId: '0123456789abcdef0123456' }],
    ['is too long', { ticketId: '0123456789abcdef012345678' }],
    ['has a line break', { ticketId: '0123456789abcdef01234567\n' }],
    ['has another digit', { ticketId: '0123456789abcdef0123456g' }],
  ])('with an id that %s is refused', async (_what, given) => {
    const answer = await post({ title: 'A concert', ...given });
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { errors: [{ field: 'ticketId', code: 'request.invalid' }] },
    ]);
  });

  test('without a body is refused like an empty one', async () => {
    const answer = await request(app).post('/api/things');
    const fields = (answer.body as { errors: { field: string }[] }).errors.map(({ field }) => field);
    expect([answer.status, fields]).toEqual([400, ['ticketId', 'title']]);
  });

  test.each([
    ['a list', '[]'],
    ['a form', 'ticketId=1&title=2'],
  ])('of %s is refused', async (_what, text) => {
    const type = text === '[]' ? 'application/json' : 'application/x-www-form-urlencoded';
    const answer = await request(app).post('/api/things').type(type).send(text);
    expect(answer.status).toBe(400);
  });

  test('has its ids in lower case, the one form in which they are stored', async () => {
    const answer = await post({ ticketId: '0123456789ABCDEF01234567', title: 'A concert' });
    expect(answer.body).toMatchObject({ ticketId: '0123456789abcdef01234567' });
  });
});

describe('An id in the path', () => {
  test('is an id', async () => {
    const id = newId();
    expect((await request(app).get(`/api/things/${id}`)).body).toEqual({ id });
  });

  test.each(['1', 'x'.repeat(24), `${'a'.repeat(24)}0`, '%24gt', 'null', '[object%20Object]'])(
    'that is none names nothing: %s',
    async (id) => {
      const answer = await request(app).get(`/api/things/${id}`);
      const errors = [{ message: 'There is no such thing.', code: 'things.not_found' }];
      expect([answer.status, answer.body]).toEqual([404, { errors }]);
    },
  );
});

test('Only 24 hexadecimal digits are an id', () => {
  expect([newId(), 'A'.repeat(24)].every(isObjectId)).toBe(true);
  const others = ['', 'a'.repeat(12), `${newId()}\n`, 17, null, undefined, {}, [newId()], Buffer.alloc(12)];
  expect(others.filter(isObjectId)).toEqual([]);
});
