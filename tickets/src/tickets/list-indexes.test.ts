// Each list reads by an index, in order, and no more than its page: what it costs does not grow with what is stored.
import { cookieFor, newId } from '@ticketing/common/testing';
import { ticketsSlice } from '../testing';

const { connection, fill, get } = ticketsSlice();

const seller = newId();
const stored = 3000;

beforeAll(async () => {
  const at = Date.now();
  await fill(
    Array.from({ length: stored }, (_, i) => ({
      // 75 swans, 75 of the seller's own, every second one held, three in each millisecond.
      title: i % 40 === 0 ? `Swan Lake ${i}` : `Concert ${i}`,
      userId: i % 40 === 1 ? seller : newId(),
      orderId: i % 2 ? newId() : null,
      // Hundreds of each price.
      priceInCents: 100 + (i % 4),
      createdAt: new Date(at - Math.floor(i / 3)),
    })),
  );
  await connection.db?.command({ profile: 2 });
});

interface Profile {
  planSummary: string;
  docsExamined: number;
  keysExamined: number;
  nreturned: number;
  /** Present when what was found had to be sorted in memory. */
  hasSortStage?: boolean;
}

/** Asks the service, and then the database what it did for that; follows `pages - 1` links first. */
async function costOf(query: string, pages = 1): Promise<Profile> {
  let path = query;
  for (let page = 1; ; page++) {
    await connection.collection('system.profile').countDocuments();
    const startedAt = new Date();
    const answer = await get(path).set('Cookie', cookieFor(seller));
    expect(answer.status).toBe(200);
    if (page === pages) {
      const profile = await connection
        .collection<Profile & { ts: Date; ns: string; command: { find?: string } }>('system.profile')
        .findOne({ 'command.find': 'tickets', ts: { $gte: startedAt } }, { sort: { ts: -1 } });
      if (!profile) throw new Error('The database was not asked.');
      return profile;
    }
    path = String(/\?[^>]+/.exec(String(answer.headers['link'])));
  }
}

const free = 'IXSCAN { orderId: 1, createdAt: -1, _id: -1 }';
const byPrice = 'IXSCAN { orderId: 1, priceInCents: 1, _id: 1 }';
const own = 'IXSCAN { userId: 1, createdAt: -1, _id: -1 }';
const found = 'IXSCAN { titleTrigrams: 1, createdAt: -1, _id: -1 }';

/** Each index once: "no order" is looked up as null and as missing, and the two are merged in their order. */
const indexesOf = ({ planSummary }: Profile) => [...new Set(planSummary.split(/, (?=[A-Z]+ )/))];

test.each([
  ['the first page of what can be bought', '', 1, free],
  ['its tenth', '', 10, free],
  ['the cheapest', '?sort=price', 1, byPrice],
  ['the twentieth page of them', '?sort=price', 20, byPrice],
  ['one that begins with the next price', '?sort=price', 16, byPrice],
  ['the dearest', '?sort=-price', 1, byPrice],
  ['the twentieth page of those', '?sort=-price', 20, byPrice],
  ['one’s own', '?seller=me', 1, own],
  ['one’s own, second page', '?seller=me', 2, own],
  ['a search', '?q=swan+lake', 1, found],
  ['a search, second page', '?q=swan+lake', 2, found],
])('%s is read by its index, a page at a time', async (_what, query, pages, index) => {
  const cost = await costOf(query, pages);
  expect(indexesOf(cost)).toEqual([index]);
  expect(cost.hasSortStage).toBeUndefined();
  expect(cost.nreturned).toBeGreaterThan(0);
  // One more than the page, and those of the cursor's own millisecond.
  expect(cost.docsExamined).toBeLessThanOrEqual(51 + 3);
  expect(cost.keysExamined).toBeLessThanOrEqual(51 + 2 * 3);
});

test.each([
  ['letters that many titles have', '?q=co', free],
  ['letters that few have', '?q=sw', free],
  ['letters that none has', '?q=zz', free],
  ['letters in one’s own', '?seller=me&q=co', own],
])('%s, too short for an index of their own, are looked for newest first', async (_what, query, index) => {
  const cost = await costOf(query);
  expect(indexesOf(cost)).toEqual([index]);
  expect(cost.hasSortStage).toBeUndefined();
});

test('what nothing has is known by looking at next to nothing', async () => {
  const cost = await costOf('?q=zzz');
  expect(cost.docsExamined).toBe(0);
  expect(cost.hasSortStage).toBeUndefined();
});

test('one ticket is read by its id', async () => {
  const [id] = await fill([{}]);
  expect((await costOf(`/${String(id)}`)).planSummary).toBe('IDHACK');
});
