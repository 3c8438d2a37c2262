import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { appWith } from '../testing/app';

describe('A body', () => {
  const app = appWith((router) => {
    router.post('/', (asked, response) => void response.json({ got: (asked.body as unknown) ?? null }));
  });
  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    request(app)
      .post('/api/things')
      .set({ 'Content-Type': 'application/json', ...headers })
      .send(body);

  test('of JSON is read, zipped or not', async () => {
    expect((await post('{"a":[1]}')).body).toEqual({ got: { a: [1] } });
    const zipped = request(app).post('/api/things').type('json').set('Content-Encoding', 'gzip');
    zipped.write(gzipSync('{"a":2}'));
    expect((await zipped).body).toEqual({ got: { a: 2 } });
  });

  test.each([
    ['broken JSON', '{"title":', 400, 'request.malformed_json'],
    ['JSON that is no object', '"just a text"', 400, 'request.malformed_json'],
    ['a number', '17', 400, 'request.malformed_json'],
    ['markup', '<title/>', 400, 'request.malformed_json'],
    ['over 100 kB', JSON.stringify({ title: 'x'.repeat(100 * 1024) }), 413, 'request.too_large'],
  ])('of %s is refused', async (_what, body, status, code) => {
    const answer = await post(body);
    const errors: unknown = [{ message: expect.any(String) as string, code }];
    expect([answer.status, answer.body]).toEqual([status, { errors }]);
    expect(answer.text).not.toMatch(/SyntaxError|position|<title/);
  });

  test('of 100 kB is not too large', async () => {
    const frame = JSON.stringify({ title: '' }).length;
    const answer = await post(JSON.stringify({ title: 'x'.repeat(100 * 1024 - frame) }));
    expect(answer.status).toBe(200);
  });

  test('that unzips to more than 100 kB is too large', async () => {
    const bomb = request(app).post('/api/things').type('json').set('Content-Encoding', 'gzip');
    bomb.write(gzipSync(JSON.stringify({ title: 'x'.repeat(5_000_000) })));
    const answer = await bomb;
    expect([answer.status, answer.body]).toEqual([
      413,
      { errors: [{ message: 'The body is larger than 100 kB.', code: 'request.too_large' }] },
    ]);
  });

  test.each<[string, Record<string, string>, number]>([
    ['an unknown charset', { 'Content-Type': 'application/json; charset=klingon' }, 415],
    ['latin1', { 'Content-Type': 'application/json; charset=iso-8859-1' }, 415],
    ['an unknown encoding', { 'Content-Encoding': 'rot13' }, 415],
    ['an encoding that it does not have', { 'Content-Encoding': 'gzip' }, 400],
  ])('in %s is refused', async (_what, headers, status) => {
    const answer = await post('{"title":"A concert"}', headers);
    const code = status === 415 ? 'request.unsupported_body' : 'request.malformed';
    expect([answer.status, answer.body]).toEqual([
      status,
      { errors: [{ message: expect.any(String) as string, code }] },
    ]);
  });
});

describe('An address', () => {
  const app = appWith((router) => router.get('/:id', (_asked, response) => void response.json({})));

  test.each(['/', '/api', '/api/thing', '/api/things/1/2', '/../../etc/passwd', '/api/things%00/x'])(
    'where nothing is answers 404: %s',
    async (path) => {
      const errors = [{ message: 'There is nothing at this address.', code: 'request.route_not_found' }];
      const answer = await request(app).get(path);
      expect([answer.status, answer.body]).toEqual([404, { errors }]);
    },
  );

  test('where something is answers 404 to a method that it does not know', async () => {
    const answer = await request(app).put('/api/things/1').send({});
    expect([answer.status, answer.body]).toMatchObject([
      404,
      { errors: [{ code: 'request.route_not_found' }] },
    ]);
  });

  test.each(['/api/things/%', '/api/things/%E0%A4%A', '/api/things/%zz', '/api/things/%c0%ae'])(
    'whose percent signs make no text answers 400: %s',
    async (path) => {
      const answer = await request(app).get(path);
      const errors = [{ message: 'The request could not be understood.', code: 'request.malformed' }];
      expect([answer.status, answer.body]).toEqual([400, { errors }]);
    },
  );
});
