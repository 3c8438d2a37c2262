// Listing a ticket: at the door, in the database, and in the event that is stored with it.
import { TicketCreated } from '@ticketing/common';
import { cookieFor, newId, refusalIn } from '@ticketing/common/testing';
import request from 'supertest';
import { ticketsSlice, type TicketView } from '../testing';

const { server, tickets, list, listed, stored, eventOf, get } = ticketsSlice();

test('a signed-in person lists a ticket', async () => {
  const userId = newId();
  const answer = await list({ title: ' A concert ', price: 19.99 }, userId);
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    id: expect.any(String),
    title: 'A concert',
    price: 19.99,
    userId,
    version: 0,
    createdAt: expect.any(String),
  });

  const { id } = answer.body as TicketView;
  expect(await stored(id)).toMatchObject({
    title: 'A concert',
    priceInCents: 1999,
    userId,
    orderId: null,
    version: 0,
  });
  expect((await get(`/${id}`)).body).toEqual(answer.body);
});

test('a listed ticket carries the event that announces it, with its whole state and the trace of the request', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const { body } = await list({ title: 'A play', price: 5 }).set('traceparent', traceparent);
  const { id, userId } = body as TicketView;
  expect(await eventOf(id, TicketCreated)).toEqual({
    specversion: '1.0',
    id: `${id}.0`,
    source: '/tickets',
    type: 'ticket:created',
    subject: id,
    time: expect.any(String),
    datacontenttype: 'application/json',
    traceparent,
    data: { id, version: 0, title: 'A play', priceInCents: 500, userId, orderId: null },
  });
});

test('the event is shown by no answer and by no query that does not ask for it', async () => {
  const { id } = await listed();
  expect(JSON.stringify((await get('')).body)).not.toContain('specversion');
  expect(Object.keys((await tickets.model.findById(id).lean()) ?? {})).not.toContain('event');
});

test('whoever is not signed in lists nothing', async () => {
  const before = await tickets.model.countDocuments();
  const answer = await request(server).post('/api/tickets').send({ title: 'A concert', price: 19.99 });
  expect(refusalIn(answer)).toEqual([401, 'session.not_signed_in']);
  expect(await tickets.model.countDocuments()).toBe(before);
});

test.each([
  ['x', 'x'],
  ['t'.repeat(200), 't'.repeat(200)],
  [` ${'t'.repeat(200)} `, 't'.repeat(200)],
  ['🎫'.repeat(200), '🎫'.repeat(200)],
  ['<b>&"quoted"</b> $where', '<b>&"quoted"</b> $where'],
])('the title %j is accepted', async (title, shown) => {
  const { id } = await listed({ title });
  expect((await stored(id)).title).toBe(shown);
});

test('a title is kept in one form, however its letters were put together', async () => {
  const { title } = await listed({ title: 'Mu\u0308nchen' });
  expect(title).toBe('M\u00fcnchen');
});

const noTitles = ['', ' ', '\t\n', 't'.repeat(201), '🎫'.repeat(201), 7, true, null, ['A'], { $gt: '' }];
test.each(noTitles)('the title %j is refused', async (title) => {
  expect(refusalIn(await list({ title }))).toEqual([400, 'request.invalid title']);
});

test.each([
  [19.99, 1999],
  ['19.99', 1999],
  ['20', 2000],
  [0.01, 1],
  [0.29, 29],
  [1.1, 110],
  [4.35, 435],
  [1_000_000, 100_000_000],
  [999_999.99, 99_999_999],
])('the price %j is stored as %i minor units and answered as it was', async (price, minorUnits) => {
  const ticket = await listed({ price });
  expect(ticket.price).toBe(Number(price));
  expect((await stored(ticket.id)).priceInCents).toBe(minorUnits);
  expect((await eventOf(ticket.id, TicketCreated)).data.priceInCents).toBe(minorUnits);
});

const noPrices = [0, -1, -0.01, 0.001, 0.1 + 0.2, 19.999, 1_000_000.01, 1_000_001, 1e21, 5e-324];
const noNumerals = ['abc', '', ' ', '19,99', '19.999', '-1', '0', '1e3', '0x10', ' 5', 'NaN', 'Infinity'];
const noNumbers: unknown[] = [true, null, [10], ['10'], { $gt: 0 }, { valueOf: 10 }];
test.each([...noPrices, ...noNumerals, ...noNumbers])('the price %j is refused', async (price) => {
  expect(refusalIn(await list({ price }))).toEqual([400, 'request.invalid price']);
});

test.each(['{"title":"A","price":NaN}', '{"title":"A","price":1e999}'])('%s is refused', async (body) => {
  const answer = await list().set('Content-Type', 'application/json').send(body);
  expect(answer.status).toBe(400);
});

test.each([[], {}, undefined])('a body of %j is refused, field by field', async (body) => {
  const answer = await request(server).post('/api/tickets').set('Cookie', cookieFor()).send(body);
  expect(refusalIn(answer)).toEqual([400, 'request.invalid title', 'request.invalid price']);
});

test('a body decides nothing but title and price', async () => {
  const userId = newId();
  const forged = {
    id: newId(),
    _id: newId(),
    userId: newId(),
    version: 7,
    orderId: newId(),
    priceInCents: 1,
  };
  const more = { orderSequence: 9, soldAt: new Date(), createdAt: new Date(0), event: null };
  const { id, ...shown } = await listed({ ...forged, ...more }, userId);
  expect(shown).toEqual({
    title: 'A concert',
    price: 19.99,
    userId,
    version: 0,
    createdAt: expect.any(String),
  });
  expect([forged.id, forged._id]).not.toContain(id);
  const ticket = await stored(id);
  expect(ticket).toMatchObject({ userId, version: 0, orderId: null, orderSequence: 0, soldAt: null });
  expect(ticket.priceInCents).toBe(1999);
  expect(ticket.createdAt.getTime()).toBeGreaterThan(0);
  expect((await eventOf(id, TicketCreated)).data).toMatchObject({ userId, version: 0, orderId: null });
});

test('the same ticket listed twice at once is two tickets', async () => {
  const userId = newId();
  const [one, other] = await Promise.all([listed({}, userId), listed({}, userId)]);
  expect(one.id).not.toBe(other.id);
  expect(await tickets.model.countDocuments({ userId })).toBe(2);
});
