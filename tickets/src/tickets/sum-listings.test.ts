// A seller's totals: all of theirs, by what has become of each, and nothing of anybody else's.
import { newId, refusalIn } from '@ticketing/common/testing';
import { orderOf, ticketsSlice } from '../testing';

const { as, get, hear, listed, fill } = ticketsSlice();

const nothing = { count: 0, total: 0 };
const totalsOf = async (seller: string): Promise<unknown> => {
  const answer = await as(seller).get('/api/tickets/totals');
  expect(answer.status).toBe(200);
  return answer.body;
};

test('who has listed nothing has nothing', async () => {
  expect(await totalsOf(newId())).toEqual({ available: nothing, held: nothing, sold: nothing });
});

test('a ticket goes from available to held to sold, to the cent', async () => {
  const seller = newId();
  const [first, second, third] = [
    await listed({ price: 0.1 }, seller),
    await listed({ price: 0.2 }, seller),
    await listed({ price: 19.99 }, seller),
  ];
  await listed({ price: 500 });
  const orders = [first, second, third].map(({ id }) => orderOf(id));
  for (const { created } of orders) await hear(created);
  for (const { completed } of orders.slice(0, 2)) await hear(completed);
  await listed({ price: 7 }, seller);
  expect(await totalsOf(seller)).toEqual({
    available: { count: 1, total: 7 },
    held: { count: 1, total: 19.99 },
    sold: { count: 2, total: 0.3 },
  });
});

test('they are of all listings, not of one page', async () => {
  const seller = newId();
  await fill(Array.from({ length: 250 }, () => ({ userId: seller, priceInCents: 101 })));
  expect(await totalsOf(seller)).toMatchObject({ available: { count: 250, total: 252.5 } });
});

test('nobody’s are nobody’s business', async () => {
  expect(refusalIn(await get('/totals'))).toEqual([401, 'session.not_signed_in']);
});
