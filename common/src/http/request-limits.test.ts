import { connect } from 'node:net';
import request from 'supertest';
import { Service } from '../process/service';
import { appWith } from '../testing/app';
import { refusalIn } from '../testing/slice';

const app = appWith((router) => {
  router.all('/', (asked, response) => void response.json({ query: asked.query }));
});
const nested = (depth: number, [open, close]: [string, string]): string =>
  `{"a":${open.repeat(depth)}1${close.repeat(depth)}}`;

test.each<[string, [string, string]]>([
  ['lists', ['[', ']']],
  ['objects', ['{"a":', '}']],
])('A body of %s may be ten levels deep, and not deeper', async (_what, brackets) => {
  const send = (depth: number) => request(app).post('/api/things').type('json').send(nested(depth, brackets));
  expect((await send(9)).status).toBe(200);
  expect(refusalIn(await send(10))).toEqual([400, 'request.malformed']);
  // As deep as 100 kB go.
  expect(refusalIn(await send(8000))).toEqual([400, 'request.malformed']);
});

test('A query may have thirty parameters, which are texts or lists of texts and never objects', async () => {
  const ask = (query: string) => request(app).get(`/api/things?${query}`);
  expect((await ask(Array.from({ length: 30 }, (_, i) => `p${i}=1`).join('&'))).status).toBe(200);
  const many = await ask(Array.from({ length: 31 }, (_, i) => `p${i}=1`).join('&'));
  expect(refusalIn(many)).toEqual([400, 'request.malformed']);
  expect((await ask('q[$gt]=1&q[a][b]=2')).body).toEqual({ query: { 'q[$gt]': '1', 'q[a][b]': '2' } });
  expect((await ask('__proto__[x]=1&constructor=2')).status).toBe(200);
  expect({}).not.toHaveProperty('x');
});

describe('A connection', () => {
  const service = new Service({
    name: 'things',
    config: { PORT: 0, HOST: '127.0.0.1', INSTANCE_ID: 'things-0', LOG_LEVEL: 'silent' },
  }).serve(app);
  beforeAll(() => service.start());
  afterAll(() => service.stop());

  /** Status, head and body of what is answered to bytes, until the connection is closed. */
  const send = (text: string) =>
    new Promise<{ status: number; head: string; body: unknown }>((resolve, reject) => {
      let answer = '';
      const socket = connect(service.port, '127.0.0.1', () => socket.write(text));
      socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
      socket.once('error', reject).once('close', () => {
        const [head = '', body = 'null'] = answer.split('\r\n\r\n');
        resolve({ status: Number(head.split(' ')[1]), head, body: JSON.parse(body) as unknown });
      });
    });

  test.each<[string, string, (number | string)[]]>([
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', [400, 'request.malformed']],
    ['a header that is none', 'GET / HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n', [400, 'request.malformed']],
    [
      'two ways to tell its length',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      [400, 'request.malformed'],
    ],
    [
      'a header of 20 kB',
      `GET / HTTP/1.1\r\nHost: x\r\nX-Much: ${'x'.repeat(20_000)}\r\n\r\n`,
      [431, 'request.headers_too_large'],
    ],
    [
      'an address of 20 kB',
      `GET /?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      [431, 'request.headers_too_large'],
    ],
  ])('with %s is answered in the shape of all refusals, and closed', async (_what, text, expected) => {
    const answer = await send(text);
    expect(refusalIn(answer)).toEqual(expected);
    expect(answer.head).toMatch(/^Connection: close$/m);
  });

  test('with headers of 15 kB is read', async () => {
    const text = `GET /api/things HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Much: ${'x'.repeat(15_000)}\r\n\r\n`;
    expect((await send(text)).status).toBe(200);
  });
});
