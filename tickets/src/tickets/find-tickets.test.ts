// Lists of tickets: what can be bought, one's own, page by page.
import { cookieFor, newId, refusalIn } from '@ticketing/common/testing';
import request from 'supertest';
import { orderOf, ticketsSlice, type TicketView } from '../testing';

const { server, tickets, as, listed, fill, get, hear } = ticketsSlice();

beforeEach(() => tickets.model.deleteMany({}));

const idsIn = ({ body }: { body: unknown }): string[] => (body as TicketView[]).map(({ id }) => id);

/** Where the next page is, as the answer's Link header says. */
const nextOf = (answer: { headers: Record<string, string> }): string | undefined =>
  /^<([^>]+)>; rel="next"$/.exec(answer.headers['link'] ?? '')?.[1];

/** Follows Link to the end. */
async function allPages(
  first: string,
  cookie = '',
  betweenPages?: () => Promise<unknown>,
): Promise<string[][]> {
  const pages: string[][] = [];
  for (let path: string | undefined = first; path;) {
    const answer: request.Response = await request(server).get(path).set('Cookie', cookie);
    expect(answer.status).toBe(200);
    pages.push(idsIn(answer));
    path = nextOf(answer);
    await betweenPages?.();
  }
  return pages;
}

test('where there is nothing to buy the list is an empty array, without a next page', async () => {
  const answer = await get('');
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual([]);
  expect(answer.headers).not.toHaveProperty('link');
});

test('the list is a bare array of what can be bought, newest first', async () => {
  const first = await listed({ title: 'First' });
  const second = await listed({ title: 'Second', price: 1 });
  expect((await get('')).body).toEqual([second, first]);
});

test('what is held or sold is not in the list, and what is free again is', async () => {
  const [held, sold, freed, free] = await fill([{}, {}, {}, {}]);
  const orders = [held, sold, freed].map((id) => orderOf(String(id)));
  for (const { created } of orders) await hear(created);
  expect(idsIn(await get(''))).toEqual([free]);
  await hear((orders[1] as ReturnType<typeof orderOf>).completed);
  await hear((orders[2] as ReturnType<typeof orderOf>).cancelled);
  expect(idsIn(await get('')).sort()).toEqual([freed, free].sort());
});

test('an edited ticket keeps its place', async () => {
  const seller = newId();
  const first = await listed({}, seller);
  const second = await listed({}, seller);
  await as(seller).put(`/api/tickets/${first.id}`).send({ title: 'Edited', price: 2 });
  expect(idsIn(await get(''))).toEqual([second.id, first.id]);
});

test('a page has 50 tickets unless told otherwise, and 100 at most', async () => {
  await fill(Array.from({ length: 101 }, () => ({})));
  expect(idsIn(await get(''))).toHaveLength(50);
  const most = await get('?limit=100');
  expect(idsIn(most)).toHaveLength(100);
  expect(nextOf(most)).toMatch(/^\/api\/tickets\?limit=100&cursor=[\w-]+$/);
  expect(idsIn(await get('?limit=1'))).toHaveLength(1);
});

test('a page that holds exactly the rest has no next one', async () => {
  await fill([{}, {}, {}]);
  expect(nextOf(await get('?limit=3'))).toBeUndefined();
  expect((await allPages('/api/tickets?limit=2')).map(({ length }) => length)).toEqual([2, 1]);
});

test('pages follow each other without a gap or a repeat, also within a millisecond', async () => {
  const at = Date.now();
  // Three tickets each in one millisecond, put there in no order.
  const ids = await fill(
    Array.from({ length: 30 }, (_, i) => ({ createdAt: new Date(at - ((i * 7) % 10)) })),
  );
  for (const limit of [1, 4, 7, 30, 100]) {
    const pages = await allPages(`/api/tickets?limit=${limit}`);
    expect(pages.flat()).toHaveLength(30);
    expect(new Set(pages.flat())).toEqual(new Set(ids));
    expect(pages.flat()).toEqual(idsIn(await get('?limit=100')));
  }
  const times = await tickets.model.find({}, { createdAt: 1 }).sort({ createdAt: -1, _id: -1 });
  expect(idsIn(await get('?limit=100'))).toEqual(times.map(({ _id }) => String(_id)));
});

test('tickets that are listed or held while somebody turns pages neither repeat nor hide others', async () => {
  const ids = await fill(Array.from({ length: 20 }, () => ({})));
  const seen = (
    await allPages('/api/tickets?limit=3', '', async () => {
      await listed();
      // What was seen already goes away; what is ahead stays.
      await hear(orderOf(String(ids.at(-1))).created);
    })
  ).flat();
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual([...ids].reverse());
});

test.each([
  ['price', 1],
  ['-price', -1],
])('sorted by %s they come in pages as well, the equal ones in a fixed order', async (sort, direction) => {
  await fill(Array.from({ length: 30 }, (_, i) => ({ priceInCents: 100 * ((i * 7) % 4) + 5 })));
  const sorted = await tickets.model.find({}).sort({ priceInCents: direction as 1, _id: direction as 1 });
  const ids = sorted.map(({ _id }) => String(_id));
  for (const limit of [1, 4, 30, 100]) {
    expect((await allPages(`/api/tickets?sort=${sort}&limit=${limit}`)).flat()).toEqual(ids);
  }
});

test('a search can be sorted by price, and pages on', async () => {
  for (const [title, price] of [
    ['Swan Lake', 30],
    ['Swan song', 10],
    ['Other', 1],
    ['swans', 20],
  ])
    await listed({ title, price });
  const [cheapest, ...rest] = await allPages('/api/tickets?q=swan&sort=price&limit=1');
  const prices = (await get('?q=swan&sort=-price')).body as TicketView[];
  expect(prices.map(({ price }) => price)).toEqual([30, 20, 10]);
  expect([cheapest, ...rest].flat()).toEqual(prices.map(({ id }) => id).reverse());
});

test('one sees all of one’s own, held and sold included, and nobody else’s', async () => {
  const seller = newId();
  const [held, sold, free] = await fill([{ userId: seller }, { userId: seller }, { userId: seller }, {}]);
  const [hold, sale] = [orderOf(String(held)), orderOf(String(sold))];
  for (const event of [hold.created, sale.created, sale.completed]) await hear(event);
  const answer = await as(seller).get('/api/tickets?seller=me');
  expect(idsIn(answer)).toEqual([free, sold, held]);
  expect(answer.body).toMatchObject([
    { id: free },
    { orderId: sale.id, soldAt: sale.completed.time },
    { orderId: hold.id },
  ]);
  expect(idsIn(await as(newId()).get('/api/tickets?seller=me'))).toEqual([]);
});

test('one’s own come in pages too, and their links stay one’s own', async () => {
  const seller = newId();
  const ids = await fill(Array.from({ length: 14 }, (_, i) => (i % 2 ? { userId: seller } : {})));
  const mine = ids.filter((_, i) => i % 2).reverse();
  const pages = await allPages('/api/tickets?seller=me&limit=3', cookieFor(seller));
  expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
  expect(pages.flat()).toEqual(mine);
});

test('whoever is not signed in has none of their own to ask for', async () => {
  expect(refusalIn(await get('?seller=me'))).toEqual([401, 'session.not_signed_in']);
});

test.each([
  ...['0', '-1', '101', '1.5', 'abc', '', '1e1', '0x1', '%20'].map((limit) => [`limit=${limit}`, 'limit']),
  ['limit=1&limit=2', 'limit'],
  ...['title', '', '--price', 'toString', 'price&sort=price'].map((sort) => [`sort=${sort}`, 'sort']),
  ['seller=me&sort=price', 'sort'],
  ...['x', '', `1-${'z'.repeat(24)}`, `${'z'.repeat(10)}-${newId()}`, newId(), `1-${newId()}-`].map(
    (cursor) => [`cursor=${cursor}`, 'cursor'],
  ),
  ['seller=you', 'seller'],
  [`seller=${newId()}`, 'seller'],
  ['seller=me&seller=you', 'seller'],
])('the query %s is refused', async (query, field) => {
  expect(refusalIn(await get(`?${query}`))).toEqual([400, `request.invalid ${field}`]);
});
