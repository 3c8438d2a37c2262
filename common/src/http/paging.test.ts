import { Schema, type Types } from 'mongoose';
import request from 'supertest';
import { createLogger } from '../process/logger';
import { Database, defineModel } from '../store';
import { appWith } from '../testing/app';
import { testMongoUri } from '../testing/servers';
import { newestFirst, olderThan, pageOf, pageQuery, renderPage, sendPage } from './paging';
import { validate } from './validation';

interface Thing {
  _id: Types.ObjectId;
  createdAt: Date;
  name: string;
}

const database = new Database(testMongoUri('paging'), createLogger('test', 'test', 'silent'));
const schema = new Schema<Thing>({ createdAt: Date, name: String }, { versionKey: false });
const things = defineModel<Thing>(database.connection, 'Thing', schema, 'things');

const app = appWith((router) => {
  router.get('/', validate(...pageQuery), async (asked, response) => {
    const { limit, after } = pageOf(asked);
    const found = await things
      .find(olderThan(after))
      .sort(newestFirst)
      .limit(limit + 1)
      .lean<Thing[]>();
    sendPage(
      asked,
      response,
      renderPage(found, limit, ({ name }) => ({ name })),
    );
  });
});

const nextOf = (link: string | undefined): string | undefined =>
  /^<([^>]+)>; rel="next"$/.exec(link ?? '')?.[1];

/** Follows the Link headers from the first page to the last. */
async function walk(path: string, betweenPages: () => Promise<unknown> = () => Promise.resolve()) {
  const pages: string[][] = [];
  for (let next: string | undefined = path; next; await betweenPages()) {
    const answer = await request(app).get(next);
    expect(answer.status).toBe(200);
    pages.push((answer.body as Thing[]).map(({ name }) => name));
    next = nextOf(answer.get('Link'));
  }
  return pages;
}

const store = (count: number, at: (i: number) => Date) =>
  things.create(Array.from({ length: count }, (_, i) => ({ name: `thing ${i}`, createdAt: at(i) })));

beforeAll(() => database.start());
beforeEach(() => things.deleteMany());
afterAll(() => database.stop());

describe('A list', () => {
  test('is a bare array, newest first, of fifty unless told otherwise', async () => {
    await store(51, (i) => new Date(1_700_000_000_000 + i));
    const pages = await walk('/api/things');
    expect(pages.map((page) => page.length)).toEqual([50, 1]);
    expect(pages.flat()).toEqual(Array.from({ length: 51 }, (_, i) => `thing ${50 - i}`));
  });

  test('that ends with its page links to no next one', async () => {
    await store(3, () => new Date());
    const answer = await request(app).get('/api/things?limit=3');
    expect(answer.body).toHaveLength(3);
    expect(answer.headers).not.toHaveProperty('link');
    await things.deleteMany();
    expect((await request(app).get('/api/things')).body).toEqual([]);
  });

  test.each([1, 2, 7, 100])(
    'shows each item once in pages of %i, also of the same instant',
    async (limit) => {
      await store(30, (i) => new Date(1_700_000_000_000 + Math.floor(i / 10)));
      const names = (await walk(`/api/things?limit=${limit}`)).flat();
      expect(names).toHaveLength(30);
      expect(new Set(names).size).toBe(30);
    },
  );

  test('shows each old item once while new ones come and others go', async () => {
    const instant = new Date(1_700_000_000_000);
    await store(20, () => instant);
    const names = (
      await walk('/api/things?limit=3', async () => {
        await things.create({ name: 'newcomer', createdAt: new Date() });
        await things.deleteOne({ name: 'thing 0' });
      })
    ).flat();
    expect(names).not.toContain('newcomer');
    expect(new Set(names).size).toBe(names.length);
    for (let i = 1; i < 20; i++) expect(names).toContain(`thing ${i}`);
  });

  test('links to a next page that keeps the rest of the query', async () => {
    await store(3, () => new Date());
    const answer = await request(app).get('/api/things?q=what%3F+%26+who&limit=2');
    const link = new URL(nextOf(answer.get('Link')) ?? '', 'http://shop.test');
    expect(link.pathname).toBe('/api/things');
    expect([link.searchParams.get('q'), link.searchParams.get('limit')]).toEqual(['what? & who', '2']);
    expect(link.searchParams.getAll('cursor')).toHaveLength(1);
  });

  test('keeps a question mark in the query that nobody has escaped', async () => {
    await store(2, () => new Date());
    const answer = await request(app).get('/api/things?limit=1&q=who?');
    const link = new URL(nextOf(answer.get('Link')) ?? '', 'http://shop.test');
    expect(link.searchParams.get('q')).toBe('who?');
  });
});

describe('A page is refused', () => {
  test.each(['0', '101', '-1', '1.5', '1e1', '', 'ten', '0x10', '%2010', '1000'])(
    'with a limit of "%s"',
    async (limit) => {
      const answer = await request(app).get(`/api/things?limit=${limit}`);
      const message = 'limit must be a whole number from 1 to 100.';
      const errors = [{ message, field: 'limit', code: 'request.invalid' }];
      expect([answer.status, answer.body]).toEqual([400, { errors }]);
    },
  );

  const id = '0123456789abcdef01234567';
  test.each([
    ['an empty one', 'cursor='],
    ['no id', 'cursor=lq2x'],
    ['no time', `cursor=-${id}`],
    ['a time that is none', `cursor=LQ_2-${id}`],
    ['a time beyond all calendars', `cursor=zzzzzzzzzz-${id}`],
    ['an id that is none', 'cursor=lq2x-17'],
    ['more than both', `cursor=lq2x-${id}-1`],
    ['two cursors', `cursor=lq2x-${id}&cursor=lq2x-${id}`],
    ['markup', 'cursor=<script>'],
  ])('with a cursor of %s', async (_what, query) => {
    const answer = await request(app).get(`/api/things?${query}`);
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { errors: [{ field: 'cursor', code: 'request.invalid' }] },
    ]);
  });

  test('with two limits', async () => {
    expect((await request(app).get('/api/things?limit=1&limit=2')).status).toBe(400);
  });
});

test('A cursor of the furthest time is a page like any other', async () => {
  const answer = await request(app).get('/api/things?cursor=zzzzzzzzz-0123456789abcdef01234567');
  expect([answer.status, answer.body]).toEqual([200, []]);
});
