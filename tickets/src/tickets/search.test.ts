// Searching titles: what is typed is meant literally, in any case and any script.
import { cookieFor, newId, refusalIn } from '@ticketing/common/testing';
import request from 'supertest';
import { orderOf, ticketsSlice, type TicketView } from '../testing';
import { trigrams } from './search';

const { server, tickets, as, listed, fill, get, hear } = ticketsSlice();

beforeEach(() => tickets.model.deleteMany({}));

const ask = (q: string, more = '') => get(`?q=${encodeURIComponent(q)}${more}`);

async function titlesFor(q: string): Promise<string[]> {
  const answer = await ask(q);
  expect(answer.status).toBe(200);
  return (answer.body as TicketView[]).map(({ title }) => title).sort();
}

const titles = (...all: string[]) => fill(all.map((title) => ({ title })));

test('a title is found by any part of it, at its beginning, within or at its end', async () => {
  await titles('Swan Lake', 'Lake Placid', 'The Seagull');
  expect(await titlesFor('lake')).toEqual(['Lake Placid', 'Swan Lake']);
  expect(await titlesFor('an La')).toEqual(['Swan Lake']);
  expect(await titlesFor('gull')).toEqual(['The Seagull']);
  expect(await titlesFor('The Seagull')).toEqual(['The Seagull']);
  expect(await titlesFor('swan lakes')).toEqual([]);
});

test('the letters must stand in the order typed', async () => {
  await titles('abcabd', 'abdabc');
  expect(await titlesFor('abcabd')).toEqual(['abcabd']);
  expect(await titlesFor('cabd')).toEqual(['abcabd']);
});

test.each(['S', 'SW', 's', 'w', 'W', ' ', 'wa'])('a short query, %j, finds by its letters too', async (q) => {
  await titles('Swan Lake', 'x');
  // A query of spaces alone asks for nothing in particular.
  expect(await titlesFor(q)).toEqual(q.trim() ? ['Swan Lake'] : ['Swan Lake', 'x']);
});

test('an empty query is none', async () => {
  await titles('One', 'Two');
  expect(await titlesFor('')).toEqual(['One', 'Two']);
});

test('spaces around a query are not part of it', async () => {
  await titles('Swan Lake');
  expect(await titlesFor('  lake ')).toEqual(['Swan Lake']);
});

test.each([
  '.*',
  '.',
  '^S',
  '$',
  'a|b',
  '(',
  '[a-z]',
  '\\',
  '\\w',
  '{2}',
  '+',
  '?',
  '*',
  '/',
  '-',
  '(?i)',
  '#',
  '\\Q',
])('the query %j is no pattern', async (q) => {
  await titles('Swan Lake', `Odd ${q} title`, 'ab');
  expect(await titlesFor(q)).toEqual([`Odd ${q} title`]);
  expect(await titlesFor(`dd ${q} ti`)).toEqual([`Odd ${q} title`]);
});

test.each([
  ['MÜNCHEN', 'Oktoberfest München'],
  ['münchen', 'OKTOBERFEST MÜNCHEN'],
  ['Mu\u0308nchen', 'Oktoberfest München'],
  ['ü', 'MÜNCHEN'],
  ['ÉT', 'Concert d’été'],
  ['москва', 'МОСКВА слезам не верит'],
  ['ΑΘΗΝΑ', 'Αθηνα'],
  ['東京', 'ライブ東京'],
  ['東京ドーム', 'ライブ東京ドーム'],
  ['🎫🎸', 'Rock 🎫🎸'],
  ['🎸', 'Rock 🎫🎸'],
])('the query %j finds %j', async (q, title) => {
  await titles('Something else');
  await listed({ title });
  expect(await titlesFor(q)).toEqual([title]);
});

test('an accent makes another letter', async () => {
  await titles('Munchen', 'München');
  expect(await titlesFor('munchen')).toEqual(['Munchen']);
});

test('a search finds what can be bought; among one’s own also what is held', async () => {
  const seller = newId();
  const [held] = await fill([
    { userId: seller, title: 'Swan Lake 1' },
    { userId: seller, title: 'Swan Lake 2' },
  ]);
  await fill([{ title: 'Swan Lake 3' }, { userId: seller, title: 'Other' }]);
  await hear(orderOf(String(held)).created);
  expect(await titlesFor('swan')).toEqual(['Swan Lake 2', 'Swan Lake 3']);
  const mine = await as(seller).get('/api/tickets?seller=me&q=swan');
  expect((mine.body as TicketView[]).map(({ title }) => title)).toEqual(['Swan Lake 2', 'Swan Lake 1']);
});

test('what is found comes newest first and in pages whose links repeat the query', async () => {
  const ids = await fill(
    Array.from({ length: 9 }, (_, i) => ({ title: i % 3 ? `R&B + Soul ${i}` : 'Else' })),
  );
  const found = [];
  let path: string | undefined = `/api/tickets?limit=2&q=${encodeURIComponent('r&b + soul')}`;
  while (path) {
    const answer: request.Response = await request(server).get(path).set('Cookie', cookieFor());
    found.push(...(answer.body as TicketView[]).map(({ id }) => id));
    path = /^<([^>]+)>; rel="next"$/.exec(String(answer.headers['link']))?.[1];
  }
  expect(found).toEqual(ids.filter((_, i) => i % 3).reverse());
});

test('a query is counted in characters, whatever they are made of', async () => {
  expect((await get(`?q=${encodeURIComponent('🎫'.repeat(200))}`)).status).toBe(200);
});

test.each(['q=a&q=b', `q=${'a'.repeat(201)}`])('the query %s is refused', async (query) => {
  expect(refusalIn(await get(`?${query}`))).toEqual([400, 'request.invalid q']);
});

test('a query of 200 characters is answered', async () => {
  const title = 'a'.repeat(200);
  await titles(title, 'b'.repeat(200));
  expect(await titlesFor(title)).toEqual([title]);
  expect(await titlesFor('.'.repeat(200))).toEqual([]);
});

test.each(['\u0000', 'ab\u0000', 'Swan\u0000Lake', '\ufffd', '\u202e'])(
  'a query with the odd character in %j finds nothing and breaks nothing',
  async (q) => {
    await titles('Swan Lake');
    expect(await titlesFor(q)).toEqual([]);
  },
);

test('even such characters are meant literally', async () => {
  await titles('Swan\u0000Lake', 'Swanx00Lake');
  expect(await titlesFor('n\u0000l')).toEqual(['Swan\u0000Lake']);
});

test('a percent sign that encodes nothing breaks nothing', async () => {
  await titles('100% fun');
  expect((await get('?q=100%25')).body).toMatchObject([{ title: '100% fun' }]);
  expect((await get('?q=100%')).status).toBe(200);
  expect((await get('?q=%ED%A0%80')).status).toBe(200);
});

test('trigrams are each three letters in a row, once, in lower case', () => {
  expect(trigrams('Banana')).toEqual(['ban', 'ana', 'nan']);
  expect(trigrams('ab')).toEqual([]);
  expect(trigrams('')).toEqual([]);
  expect(trigrams('🎫🎸🎹!')).toEqual(['🎫🎸🎹', '🎸🎹!']);
});
