import { createServer, type Server } from 'node:http';
import request from 'supertest';
import { refusal, requireUser, Unavailable } from '..';
import { createLogger } from '../process/logger';
import { Database } from '../store';
import { appWith } from '../testing/app';
import { eventually } from '../testing/eventually';
import { testMongoUri } from '../testing/servers';
import { cookieFor, newId } from '../testing/session';
import { refusalIn } from '../testing/slice';
import { IdempotencyKeys } from './idempotency-keys';
import { idempotently, type Answer, type Once } from './idempotently';

const leaseMs = 400;
const logger = createLogger('test', 'test', 'silent');
const database = new Database(testMongoUri('keys'), logger);
const keys = new IdempotencyKeys(database.connection, leaseMs);
const stored = () => database.connection.collection('idempotency_keys');

/** What the route does next, and how often it was asked to. */
let work: (once: Once | undefined, call: number) => Promise<Answer>;
let calls: (Once | undefined)[] = [];
const app = appWith((router) => {
  router.post(
    '/',
    requireUser,
    idempotently({ keys, logger, undecided: ['things.not_yet'] }, (_asked, once) => {
      calls.push(once);
      return work(once, calls.length);
    }),
  );
});
const servers: Server[] = [createServer(app), createServer(app)];
beforeAll(async () => {
  await database.start();
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  await database.stop();
});
beforeEach(() => {
  calls = [];
  work = (once, call) => Promise.resolve({ status: 201, body: { id: once?.id ?? 'none', call } });
});

interface Sending {
  key?: string;
  body?: object;
  user?: string;
  replica?: number;
}
const anna = newId();
const send = ({ key, body = { n: 1 }, user = anna, replica = 0 }: Sending) => {
  const asking = request(servers[replica % 2] as Server)
    .post('/api/things')
    .set('Cookie', cookieFor(user));
  return (key === undefined ? asking : asking.set('Idempotency-Key', key)).send(body);
};
const replayed = (answer: { headers: Record<string, unknown> }) => answer.headers['idempotent-replayed'];

test('the same key has the same answer, told to be one, and the work is done once', async () => {
  const key = newId();
  const first = await send({ key });
  const second = await send({ key, replica: 1 });
  expect([first.status, first.body]).toEqual([201, { id: expect.stringMatching(/^[0-9a-f]{24}$/), call: 1 }]);
  expect([second.status, second.text, second.type]).toEqual([first.status, first.text, first.type]);
  expect([replayed(first), replayed(second)]).toEqual([undefined, 'true']);
  expect(calls).toHaveLength(1);
});

test('of twenty at once, at two replicas, one does the work; the others get its answer or are told to wait', async () => {
  const key = newId();
  work = async (once) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { status: 201, body: { id: once?.id } };
  };
  const answers = await Promise.all(Array.from({ length: 20 }, (_, replica) => send({ key, replica })));
  expect(calls).toHaveLength(1);
  const done = answers.filter(({ status }) => status === 201);
  expect(new Set(done.map(({ text }) => text)).size).toBe(1);
  expect(done.filter((answer) => replayed(answer) === undefined)).toHaveLength(1);
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    expect(refusalIn(answer)).toEqual([409, 'request.idempotency_in_flight']);
    expect(answer.headers['retry-after']).toBe('1');
  }
  expect((await send({ key })).text).toBe(done[0]?.text);
});

test('the same key with another body is refused, before and after the answer; the order of fields is nothing', async () => {
  const key = newId();
  expect((await send({ key, body: { a: 1, b: { c: 2, d: 3 } } })).status).toBe(201);
  const same = await send({ key, body: { b: { d: 3, c: 2 }, a: 1 } });
  expect([same.status, replayed(same)]).toEqual([201, 'true']);
  for (const body of [{ a: 1 }, { a: 2, b: { c: 2, d: 3 } }, { a: '1', b: { c: 2, d: 3 } }, {}]) {
    expect(refusalIn(await send({ key, body }))).toEqual([422, 'request.idempotency_key_reused']);
  }
  expect(calls).toHaveLength(1);
});

test('keys are each person’s own', async () => {
  const key = newId();
  const [first, second] = [await send({ key }), await send({ key, user: newId() })];
  expect(calls).toHaveLength(2);
  expect(first.body).not.toEqual(second.body);
  expect(replayed(second)).toBeUndefined();
});

test('a key is the same in quotes and bare', async () => {
  const key = newId();
  await send({ key: `"${key}"` });
  expect(replayed(await send({ key }))).toBe('true');
});

test.each([
  ['empty', ''],
  ['empty in quotes', '""'],
  ['256 characters', 'x'.repeat(256)],
  ['two words', 'a b'],
  ['a quote alone', '"'],
  ['a quote too few', '"abc'],
  ['two keys', 'a, b'],
  ['not ASCII', 'caf\u00e9'],
])('a key that is %s is refused, and nothing is done', async (_what, key) => {
  expect(refusalIn(await send({ key }))).toEqual([400, 'request.bad_idempotency_key']);
  expect(calls).toEqual([]);
});

test('255 characters are a key, and none is kept as it was sent', async () => {
  const key = `${'k'.repeat(231)}${newId()}`;
  expect((await send({ key })).status).toBe(201);
  expect(JSON.stringify(await stored().find().toArray())).not.toContain('kkk');
});

test('without a key every request is carried out, and nothing is kept', async () => {
  const before = await stored().countDocuments();
  await send({});
  await send({});
  expect(calls).toEqual([undefined, undefined]);
  expect(await stored().countDocuments()).toBe(before);
});

test('nobody who is not signed in keeps a key', async () => {
  const answer = await request(servers[0] as Server)
    .post('/api/things')
    .set('Idempotency-Key', newId());
  expect(refusalIn(answer)).toEqual([401, 'session.not_signed_in']);
});

const NotYet = refusal(400, 'things.not_yet', 'Not yet.');
const Refused = refusal(400, 'things.refused', 'No.', 'n');
const Unknown = refusal(404, 'things.unknown', 'Unknown.');

test('a refusal that decides is an answer like any other', async () => {
  const key = newId();
  work = () => Promise.reject(new Refused('Because.'));
  const [first, second] = [await send({ key }), await send({ key })];
  expect(refusalIn(first)).toEqual([400, 'things.refused n']);
  expect([second.status, second.text, replayed(second)]).toEqual([400, first.text, 'true']);
  expect(calls).toHaveLength(1);
});

test.each([
  ['decides nothing', new NotYet(), 400],
  ['may be about what is still on its way', new Unknown(), 404],
  ['is about a server that is away', new Unavailable('Stripe is away.'), 503],
  ['is a fault of ours', new Error('a bug'), 500],
])(
  'a failure that %s is not kept: the next with its key makes the same thing',
  async (_what, error, status) => {
    const key = newId();
    work = (once, call) =>
      call === 1 ? Promise.reject(error) : Promise.resolve({ status: 201, body: { id: once?.id } });
    expect((await send({ key })).status).toBe(status);
    expect((await send({ key })).status).toBe(201);
    expect(calls[1]).toEqual({ id: calls[0]?.id, isAgain: true });
    // A key stays with its body, whatever became of it.
    expect((await send({ key, body: { n: 2 } })).status).toBe(422);
  },
);

/** Somebody begins and is killed in the middle of it. */
async function die(key: string): Promise<void> {
  work = () => new Promise<Answer>(() => undefined);
  const dying = send({ key }).timeout(50);
  await expect(Promise.resolve(dying)).rejects.toThrow();
}

test('a key is not held for ever by who was killed, and until then the next is told to wait', async () => {
  const key = newId();
  await die(key);
  expect(refusalIn(await send({ key }))).toEqual([409, 'request.idempotency_in_flight']);
  work = (once) => Promise.resolve({ status: 201, body: { id: once?.id } });
  await eventually(async () => {
    expect((await send({ key })).status).toBe(201);
  });
  expect(calls).toEqual([
    { id: calls[0]?.id, isAgain: false },
    { id: calls[0]?.id, isAgain: true },
  ]);
});

test('of twenty who go on after one was killed, one does', async () => {
  const key = newId();
  await die(key);
  await new Promise((resolve) => setTimeout(resolve, leaseMs));
  work = async (once) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { status: 201, body: { id: once?.id } };
  };
  await Promise.all(Array.from({ length: 20 }, (_, replica) => send({ key, replica })));
  expect(calls).toHaveLength(2);
});

test('who was taken for dead and was not tells what the other told', async () => {
  const key = newId();
  let endFirst: () => void = () => undefined;
  work = async (_once, call) => {
    if (call === 1) await new Promise<void>((resolve) => (endFirst = resolve));
    return { status: 201, body: { call } };
  };
  const slow = Promise.resolve(send({ key }));
  await eventually(async () => {
    const answer = await send({ key, replica: 1 });
    expect(answer.body).toEqual({ call: 2 });
  });
  endFirst();
  expect((await slow).body).toEqual({ call: 2 });
});

test('a key is kept for a day', async () => {
  const indexes = await stored().indexes();
  expect(indexes).toContainEqual(
    expect.objectContaining({ key: { createdAt: 1 }, expireAfterSeconds: 86_400 }),
  );
});
