import { pino } from 'pino';
import request from 'supertest';
import { Unavailable } from '../process/unavailable';
import { appWith } from '../testing/app';
import { InvalidInput, refusal } from './refusal';

const TicketTaken = refusal(400, 'things.ticket_taken', 'This ticket is taken.', 'ticketId');
const secret = 'mongodb://root:hunter2@10.0.0.7 E11000 duplicate key';

/** An app that throws what the test wants thrown, and what it logged. */
function throwing(thrown: unknown) {
  const lines: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const app = appWith(
    (router) => {
      router.get('/', () => {
        throw thrown;
      });
      router.get('/later', async () => {
        await Promise.resolve();
        throw thrown;
      });
    },
    { logger },
  );
  return { app, lines };
}

const named = (name: string, extra: object = {}): Error =>
  Object.assign(new Error(secret), { name, ...extra });

describe('A refusal', () => {
  test.each(['/api/things', '/api/things/later'])('thrown at %s is the answer', async (path) => {
    const { app, lines } = throwing(new TicketTaken());
    const answer = await request(app).get(path);
    const errors = [{ message: 'This ticket is taken.', field: 'ticketId', code: 'things.ticket_taken' }];
    expect([answer.status, answer.body]).toEqual([400, { errors }]);
    expect(lines).toEqual([]);
  });

  test('may say more to a person, never another code', async () => {
    const answer = await request(throwing(new TicketTaken('Anna was faster.')).app).get('/api/things');
    const errors = [{ message: 'Anna was faster.', field: 'ticketId', code: 'things.ticket_taken' }];
    expect(answer.body).toEqual({ errors });
  });

  test('of several fields names each', async () => {
    const problems = ['title', 'price'].map((field) => ({ message: `${field} is wrong.`, field }));
    const answer = await request(throwing(new InvalidInput(problems)).app).get('/api/things');
    expect([answer.status, answer.body]).toEqual([
      400,
      { errors: problems.map((problem) => ({ ...problem, code: 'request.invalid' })) },
    ]);
  });
});

describe('An error that nobody foresaw', () => {
  const fault = {
    errors: [{ message: 'Something went wrong on our side. Please try again.', code: 'server.fault' }],
  };

  test.each([
    ['an Error', new Error(secret)],
    ["a driver's error", named('MongoServerError', { code: 11000, keyValue: { email: secret } })],
    ['an error with a 5xx status of its own', Object.assign(new Error(secret), { status: 502 })],
    ['an error with a status that is none', Object.assign(new Error(secret), { status: '404' })],
    ['an error that wants to be shown', Object.assign(new Error(secret), { expose: true })],
    ['a text', secret],
    ['an object', { message: secret }],
  ])('is 500 with a fixed sentence: %s', async (_what, thrown) => {
    const { app } = throwing(thrown);
    for (const path of ['/api/things', '/api/things/later']) {
      const answer = await request(app).get(path);
      expect([answer.status, answer.body]).toEqual([500, fault]);
      expect(JSON.stringify(answer.headers)).not.toContain('hunter2');
    }
  });

  test('is logged with its stack and the id of the request', async () => {
    const { app, lines } = throwing(new Error('the reason'));
    await request(app).get('/api/things').set('X-Request-Id', 'request-17');
    const failure: unknown = JSON.parse(lines.find((line) => line.includes('request failed')) ?? '{}');
    expect(failure).toMatchObject({
      requestId: 'request-17',
      method: 'GET',
      err: { message: 'the reason', stack: expect.stringContaining('error-handler.test.ts') as string },
    });
  });
});

describe('A server that is away', () => {
  test.each([
    new Unavailable(secret),
    named('MongoServerSelectionError'),
    named('MongooseServerSelectionError'),
    named('MongoNetworkError'),
    named('MongoNotConnectedError'),
    named('MongoPoolClearedError'),
    named('MongoServerError', { errorLabels: ['RetryableWriteError'] }),
  ])('is 503 with the advice to come again: %p', async (thrown) => {
    const answer = await request(throwing(thrown).app).get('/api/things');
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.body).toEqual({
      errors: [
        {
          message: 'We cannot answer at the moment. Please try again in a few seconds.',
          code: 'server.unavailable',
        },
      ],
    });
  });
});
