// Looking at orders: one's own, one at a time or in pages, and nobody else's.
import { cookieFor, newId, refusalIn } from '@ticketing/common/testing';
import request from 'supertest';
import { ordersSlice, type OrderView } from '../testing';

const { server, connection, as, placed, fill, pay } = ordersSlice();

const idsIn = ({ body }: { body: unknown }): string[] => (body as OrderView[]).map(({ id }) => id);

test('a buyer sees an order as it was answered, and how it ended', async () => {
  const buyer = newId();
  const order = await placed(buyer);
  const path = `/api/orders/${order.id}`;
  expect((await as(buyer).get(path)).body).toEqual(order);
  await pay(order.id);
  expect((await as(buyer).get(path)).body).toEqual({ ...order, status: 'complete', version: 1 });
});

test('nobody sees what another ordered', async () => {
  const { id } = await placed();
  expect(refusalIn(await as(newId()).get(`/api/orders/${id}`))).toEqual([401, 'orders.not_the_buyer']);
  expect((await as(newId()).get('/api/orders')).body).toEqual([]);
});

test('whoever is not signed in sees none, known or not', async () => {
  const { id } = await placed();
  for (const path of ['', `/${id}`, `/${newId()}`, '/nonsense']) {
    expect(refusalIn(await request(server).get(`/api/orders${path}`))).toEqual([
      401,
      'session.not_signed_in',
    ]);
  }
});

test.each([newId(), 'nonsense', '0', 'a'.repeat(23), 'z'.repeat(24), '%00'])(
  'there is no order %s',
  async (id) => {
    expect(refusalIn(await as(newId()).get(`/api/orders/${id}`))).toEqual([404, 'orders.not_found']);
  },
);

test('an address below an order, or another way of asking, leads nowhere', async () => {
  const buyer = newId();
  const { id } = await placed(buyer);
  const refused = [404, 'request.route_not_found'];
  expect(refusalIn(await as(buyer).get(`/api/orders/${id}/ticket`))).toEqual(refused);
  expect(refusalIn(await as(buyer).put(`/api/orders/${id}`).send({}))).toEqual(refused);
});

test('a buyer’s orders are a bare array, newest first, ended ones included', async () => {
  const buyer = newId();
  const orders = [await placed(buyer), await placed(buyer), await placed(buyer)];
  await placed();
  await as(buyer).delete(`/api/orders/${String(orders[1]?.id)}`);
  const answer = await as(buyer).get('/api/orders');
  const ended = {
    status: 'cancelled',
    version: 1,
    cancelReason: 'cancelled',
    cancelledAt: expect.any(String),
  };
  expect(answer.body).toEqual([orders[2], { ...orders[1], ...ended }, orders[0]]);
  expect(answer.headers).not.toHaveProperty('link');
});

test('they come in pages of 50 unless told otherwise, without a gap or a repeat, also within a millisecond', async () => {
  const userId = newId();
  const at = Date.now();
  const ids = await fill(
    Array.from({ length: 120 }, (_, i) => ({ userId, createdAt: new Date(at - ((i * 7) % 40)) })),
  );
  await fill(Array.from({ length: 10 }, () => ({ createdAt: new Date(at) })));
  for (const [query, sizes] of [
    ['', [50, 50, 20]],
    ['?limit=100', [100, 20]],
    ['?limit=60', [60, 60]],
  ] as const) {
    const pages: string[][] = [];
    for (let path: string | undefined = `/api/orders${query}`; path;) {
      const answer: request.Response = await request(server).get(path).set('Cookie', cookieFor(userId));
      pages.push(idsIn(answer));
      path = /^<([^>]+)>; rel="next"$/.exec(answer.headers['link'] ?? '')?.[1];
    }
    expect(pages.map(({ length }) => length)).toEqual(sizes);
    expect([...pages.flat()].sort()).toEqual([...ids].sort());
  }
});

test.each(['limit=0', 'limit=101', 'limit=x', 'cursor=x', 'limit=1&limit=2'])(
  'the query %s is refused',
  async (query) => {
    const [field] = query.split('=');
    const answer = await as(newId()).get(`/api/orders?${query}`);
    expect(refusalIn(answer)).toEqual([400, `request.invalid ${String(field)}`]);
  },
);

test('a page of one’s own is read by an index, in order, and no more than the page', async () => {
  const userId = newId();
  await fill(Array.from({ length: 300 }, (_, i) => ({ userId: i % 2 ? userId : newId() })));
  await connection.db?.command({ profile: 2 });
  await as(userId).get('/api/orders');
  const profile = await connection
    .collection('system.profile')
    .findOne({ 'command.find': 'orders', 'command.filter.userId': userId }, { sort: { ts: -1 } });
  await connection.db?.command({ profile: 0 });
  expect(profile?.['planSummary']).toBe('IXSCAN { userId: 1, createdAt: -1, _id: -1 }');
  expect(profile?.['hasSortStage']).toBeUndefined();
  expect(profile?.['docsExamined']).toBe(51);
});
