// Every documented route x nobody, owner, stranger, and whatever can be wrong with a request: status and code.
import { randomUUID } from 'node:crypto';
import { refusalsOf } from '@ticketing/common/openapi';
import { badCookies } from './support/cookies';
import { documents } from './support/documented';
import { rows, settled, type Cast, type Request, type Row } from './support/matrix-rows';
import { expectStatus, inWords, Person, type Answer } from './support/person';
import { useSystem } from './support/use-system';

const operations = documents.flatMap((api) =>
  Object.entries(api.operations).map(([route, operation]) => {
    const [method = '', path = ''] = route.split(' ');
    const codes = refusalsOf(route, operation).map(({ status, code }) => `${status} ${code}`);
    return { ...operation, operation, method, path: `${api.path}${path}`, codes };
  }),
);
const named = operations.map((operation) => [operation.id, operation] as const);

const system = useSystem({});
let cast: Cast;
let stranger: Person;
let cookies: Record<string, string>;
let cases = 0;

const rowOf = (id: string): Row => {
  const row = rows[id];
  if (!row)
    throw new Error(`${id} has no row in support/matrix-rows.ts: say what owner and stranger are told.`);
  return row;
};

beforeAll(async () => {
  const [owner, seller, other] = await Promise.all([1, 2, 3].map(() => Person.signedUp(system())));
  if (!owner || !seller || !other) throw new Error('Nobody is there.');
  cast = { owner, seller };
  stranger = other;
  const { body } = await owner.call<{ currentUser: { id: string } }>('GET', '/api/users/currentuser');
  cookies = badCookies(body.currentUser.id, await system().jwtKey());
});
afterAll(() => {
  process.stdout.write(`matrix: ${operations.length} routes, ${cases} cases\n`);
});

const nobody = (): Person => new Person(system().url);

type Options = Parameters<Person['call']>[3];

/** Asks, and tells the answer in words. */
async function ask(by: Person, method: string, { path, body }: Request, options?: Options): Promise<string> {
  cases++;
  return inWords(await by.call(method, path, body, options));
}

test('every documented route has its row, and no other', () => {
  expect(Object.keys(rows).sort()).toEqual(operations.map(({ id }) => id).sort());
});

describe.each(named)('%s', (id, { method, path, session, body, isBodyRaw, takesKey, query = {}, codes }) => {
  const row = rowOf(id);
  const someone = async (person: Person): Promise<Person> =>
    row.changesSession ? Person.signedUp(system()) : person;

  test('answers owner, stranger and nobody as each should be', async () => {
    const told = async (by: Person): Promise<string> => {
      const request = await row.ask(cast);
      return inWords(
        await settled((): Promise<Answer> => {
          cases++;
          return by.call(method, request.path, request.body);
        }),
      );
    };
    const answers = {
      owner: await told(await someone(cast.owner)),
      stranger: await told(await someone(stranger)),
      nobody: await told(nobody()),
    };
    expect(answers).toEqual({
      owner: row.owner,
      stranger: row.stranger,
      nobody: row.nobody ?? '401 session.not_signed_in',
    });
    expect(row.nobody === undefined).toBe(session === 'needed');
  });

  test('takes nobody for somebody by a cookie that was forged, altered or has expired', async () => {
    for (const [what, cookie] of Object.entries(cookies)) {
      const request = await row.ask(cast);
      const answer = await ask(nobody(), method, request, { headers: { cookie } });
      expect([what, answer]).toEqual([what, row.nobody ?? '401 session.not_signed_in']);
    }
  });

  if (codes.includes('403 request.cross_site')) {
    test('is refused to the pages of other sites', async () => {
      const request = await row.ask(cast);
      const ways = [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { origin: 'https://evil.example' },
        { origin: 'null' },
      ];
      for (const headers of ways) {
        expect(await ask(cast.owner, method, request, { headers })).toBe('403 request.cross_site');
      }
    });
  }

  if (path.includes(':')) {
    test('finds nothing by what is no id', async () => {
      const request = await row.ask(cast);
      const missing = codes.find((code) => code.startsWith('404 '));
      const ids = ['x', '0', '%24gt', '{"$gt":""}', '[object Object]', 'a'.repeat(25), '__proto__', '../x'];
      for (const wrong of [...ids, '0123456789abcdef01234567']) {
        const asked = { ...request, path: path.replace(/:\w+/, encodeURIComponent(wrong)) };
        expect([wrong, await ask(cast.owner, method, asked)]).toEqual([wrong, missing]);
      }
      const unreadable = { ...request, path: path.replace(/:\w+/, '%ff') };
      expect(await ask(cast.owner, method, unreadable)).toBe('400 request.malformed');
    });
  }

  if (!isBodyRaw) {
    test('reads no more parameters than anybody needs', async () => {
      const request = await row.ask(cast);
      const many = `${request.path}?${'a=1&'.repeat(40)}`;
      expect(await ask(await someone(cast.owner), method, { ...request, path: many })).toBe(
        '400 request.malformed',
      );
    });
  }

  for (const [name, schema] of Object.entries(query)) {
    test(`refuses a ${name} that is none, and operators have no effect`, async () => {
      const request = await row.ask(cast);
      const words = ['', '0', '-1', '1e9', '{"$gt":""}', '[object Object]', 'x'.repeat(300)];
      for (const word of words.filter((one) => !accepts(schema, one))) {
        const asked = { path: `${request.path}?${name}=${encodeURIComponent(word)}` };
        expect([word, await ask(cast.owner, method, asked)]).toEqual([word, '400 request.invalid']);
      }
      const twice = { path: `${request.path}?${name}=1&${name}=2` };
      expect(await ask(cast.owner, method, twice)).toBe('400 request.invalid');
      const plain = await cast.owner.call(method, request.path);
      for (const operator of ['[$ne]', '[$gt]', '[$regex]', '[$where]', '[]', '.$ne']) {
        cases++;
        const answer = await cast.owner.call(method, `${request.path}?${name}${operator}=x`);
        expect([operator, answer.status, answer.body]).toEqual([operator, plain.status, plain.body]);
      }
    });
  }

  if (takesKey) {
    test('refuses an Idempotency-Key that is none, or was another request’s', async () => {
      const request = await row.ask(cast);
      for (const wrong of ['', 'two words', 'x'.repeat(256), '"open']) {
        const headers = { 'idempotency-key': wrong };
        const answer = await ask(cast.owner, method, request, { headers });
        expect([wrong, answer]).toEqual([wrong, '400 request.bad_idempotency_key']);
      }
      const headers = { 'idempotency-key': randomUUID() };
      const first = await settled(() => cast.owner.call(method, request.path, request.body, { headers }));
      expect(inWords(first)).toBe(row.owner);
      const other = { ...request, body: { ...request.body, more: 1 } };
      expect(await ask(cast.owner, method, other, { headers })).toBe('422 request.idempotency_key_reused');
    });
  }

  // What is taken as it comes is its sender's, not a person's.
  if (!body || isBodyRaw) return;

  test('refuses a body of which a field is missing or wrong, operators among them', async () => {
    const request = await row.ask(cast);
    const operators = [{ $gt: '' }, { $ne: null }, { $where: 'sleep(1000)' }];
    const wrongs = [
      ...operators,
      ['x'],
      [],
      {},
      null,
      true,
      '',
      ' ',
      -1,
      0,
      1e300,
      'x'.repeat(1000),
      undefined,
    ];
    const whole = request.body ?? {};
    const bodies = Object.keys(whole).flatMap((name) => wrongs.map((wrong) => ({ ...whole, [name]: wrong })));
    const bad = bodies.filter((one) => !body.safeParse(JSON.parse(JSON.stringify(one))).success);
    expect(bad.length).toBeGreaterThan(10);
    for (const one of [...bad, [], {}]) {
      const text = JSON.stringify(one);
      expect([text, await ask(cast.owner, method, request, { text })]).toEqual([text, '400 request.invalid']);
    }
  });

  test('refuses a body that cannot be read', async () => {
    const { path: address } = await row.ask(cast);
    const send = (text: string, headers: Record<string, string> = {}): Promise<string> =>
      ask(cast.owner, method, { path: address }, { text, headers });
    for (const text of ['{"a":', 'null', '17', '"text"', '<xml/>', '{"a":1}}']) {
      expect([text, await send(text)]).toEqual([text, '400 request.malformed_json']);
    }
    expect(await send(JSON.stringify({ a: 'x'.repeat(110_000) }))).toBe('413 request.too_large');
    expect(await send(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`)).toBe('400 request.malformed');
    expect(await send('{}', { 'content-encoding': 'gzip' })).toBe('400 request.malformed');
    const latin1 = { 'content-type': 'application/json; charset=latin1' };
    expect(await send('{}', latin1)).toBe('415 request.unsupported_body');
    expect(await send('{}', { 'content-encoding': 'rot13' })).toBe('415 request.unsupported_body');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await send('title=x&price=1', form)).toBe('400 request.invalid');
  });
});

/** A parameter is a text on its way; a number to the document. */
const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, text: string): boolean =>
  schema.safeParse(text).success || (text !== '' && schema.safeParse(Number(text)).success);

test('after all this every service goes on, and none was started again', async () => {
  const restarts = Object.values(await system().restarts());
  expect(restarts.every((count) => count === 0)).toBe(true);
  expectStatus(200, await cast.owner.call('GET', '/api/orders'));
});
