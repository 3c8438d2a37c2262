// Editing a ticket: by its seller alone, and only while nobody has it.
import { setTimeout as sleep } from 'node:timers/promises';
import { newCause, TicketUpdated } from '@ticketing/common';
import { newId, refusalIn } from '@ticketing/common/testing';
import { Types } from 'mongoose';
import request from 'supertest';
import { orderOf, ticketsSlice } from '../testing';
import { editTicket } from './edit-ticket';
import { TicketIsReserved } from './refusals';

const { server, connection, tickets, as, listed, stored, eventOf, hear, get, fill } = ticketsSlice();

const change = { title: 'A better concert', price: 25.5 };
const edit = (seller: string, id: string, body: object = change) =>
  as(seller).put(`/api/tickets/${id}`).send(body);

/** The whole document, the hidden event included: equal before and after when nothing was written. */
const raw = (id: string) => connection.collection('tickets').findOne({ _id: new Types.ObjectId(id) });

test('its seller edits a ticket that nobody has', async () => {
  const seller = newId();
  const { id } = await listed({}, seller);
  const answer = await edit(seller, id, { title: ' A better concert ', price: '25.50' });
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    id,
    title: 'A better concert',
    price: 25.5,
    userId: seller,
    version: 1,
    createdAt: expect.any(String),
  });
  expect((await get(`/${id}`)).body).toEqual(answer.body);
  expect(await stored(id)).toMatchObject({ title: 'A better concert', priceInCents: 2550, version: 1 });
  expect(await eventOf(id, TicketUpdated)).toMatchObject({
    id: `${id}.1`,
    data: { id, version: 1, title: 'A better concert', priceInCents: 2550, userId: seller, orderId: null },
  });
});

test('an edited ticket is found by its new title and no longer by its old one', async () => {
  const seller = newId();
  const { id } = await listed({ title: 'Swan Lake' }, seller);
  await edit(seller, id, { title: 'Nutcracker', price: 1 });
  const idsOf = async (q: string) =>
    ((await get(`?q=${q}`)).body as { id: string }[]).map((found) => found.id);
  expect(await idsOf('nutcrack')).toEqual([id]);
  expect(await idsOf('swan')).toEqual([]);
});

test('whoever is not signed in, or not its seller, changes nothing', async () => {
  const { id } = await listed();
  const before = await raw(id);
  expect(before).not.toBeNull();
  const unknown = await request(server).put(`/api/tickets/${id}`).send(change);
  expect(refusalIn(unknown)).toEqual([401, 'session.not_signed_in']);
  expect(refusalIn(await edit(newId(), id))).toEqual([401, 'tickets.not_the_seller']);
  expect(await raw(id)).toEqual(before);
});

test.each([newId(), 'nonsense', '1', 'a'.repeat(23), `${'a'.repeat(24)}0`, '%24gt', 'z'.repeat(24)])(
  'there is no ticket %s to edit',
  async (id) => {
    expect(refusalIn(await edit(newId(), id))).toEqual([404, 'tickets.not_found']);
  },
);

test.each([
  [{ price: 1 }, ['request.invalid title']],
  [{ title: 'A' }, ['request.invalid price']],
  [{ title: ' ', price: 0 }, ['request.invalid title', 'request.invalid price']],
  [{ title: { $gt: '' }, price: { $gt: 0 } }, ['request.invalid title', 'request.invalid price']],
  [{}, ['request.invalid title', 'request.invalid price']],
])('%j is no edit, and nothing changes', async (body, errors) => {
  const seller = newId();
  const { id } = await listed({}, seller);
  const before = await raw(id);
  expect(refusalIn(await edit(seller, id, body))).toEqual([400, ...errors]);
  expect(await raw(id)).toEqual(before);
});

test.each(['held', 'sold'] as const)('a %s ticket is not edited', async (how) => {
  const seller = newId();
  const { id } = await listed({}, seller);
  const order = orderOf(id);
  await hear(order.created);
  if (how === 'sold') await hear(order.completed);
  const before = await raw(id);
  expect(refusalIn(await edit(seller, id))).toEqual([400, 'tickets.reserved']);
  expect(refusalIn(await edit(newId(), id))).toEqual([401, 'tickets.not_the_seller']);
  expect(await raw(id)).toEqual(before);
});

test('a ticket whose order was cancelled is edited again', async () => {
  const seller = newId();
  const { id } = await listed({}, seller);
  const order = orderOf(id);
  await hear(order.created);
  await hear(order.cancelled);
  expect((await edit(seller, id)).body).toMatchObject({ ...change, version: 3 });
});

test('a body decides nothing but title and price', async () => {
  const seller = newId();
  const { id } = await listed({}, seller);
  const forged = { id: newId(), userId: newId(), version: 41, orderId: newId(), soldAt: new Date() };
  const answer = await edit(seller, id, { ...change, ...forged });
  expect(answer.body).toEqual({ id, ...change, userId: seller, version: 1, createdAt: expect.any(String) });
  expect(await stored(id)).toMatchObject({ userId: seller, version: 1, orderId: null, soldAt: null });
});

test('of ten edits at once none is lost: each is a version of its own, and the last is the one that stays', async () => {
  const seller = newId();
  const { id } = await listed({}, seller);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => edit(seller, id, { title: `Edit ${i}`, price: 1 + i })),
  );
  const edits = answers.map(({ body }) => body as { version: number; title: string });
  expect(edits.map(({ version }) => version).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const last = edits.find(({ version }) => version === 10);
  expect(await stored(id)).toMatchObject({ version: 10, title: last?.title });
  expect((await eventOf(id, TicketUpdated)).data).toMatchObject({ version: 10, title: last?.title });
});

test('an edit that crosses a hold comes wholly before it or is refused, a hundred times over', async () => {
  const seller = newId();
  const race = async (id: string, headStartMs: number | undefined): Promise<string> => {
    const { created } = orderOf(id);
    const edits = () =>
      editTicket(tickets, id, seller, { title: 'Edited', price: 2550 }, newCause()).then(
        ({ version }) => `edited to version ${version}`,
        (error: unknown) => (error instanceof TicketIsReserved ? 'refused' : String(error)),
      );
    const holds = () => hear(created);
    const outcome =
      headStartMs === undefined
        ? (await Promise.all([edits(), holds()]))[0]
        : (await Promise.all([holds(), sleep(headStartMs).then(edits)]))[1];

    // The hold is the last thing that happened, and what it announced is what stands there.
    const ticket = await stored(id);
    const event = await eventOf(id, TicketUpdated);
    expect(event.data).toMatchObject({
      orderId: created.data.id,
      version: ticket.version,
      title: ticket.title,
    });
    expect(ticket).toMatchObject(
      outcome === 'refused'
        ? { orderId: created.data.id, version: 1, title: 'A concert', priceInCents: 1999 }
        : { orderId: created.data.id, version: 2, title: 'Edited', priceInCents: 2550 },
    );
    return outcome;
  };
  const ids = await fill(Array.from({ length: 100 }, () => ({ userId: seller })));
  const outcomes: string[] = [];
  // Ten races at a time: the edit first, or the hold by up to 9 ms, so that either may win and many are close.
  while (ids.length > 0) {
    const races = ids.splice(0, 10).map((id, i) => race(id, i % 2 === 0 ? undefined : i));
    outcomes.push(...(await Promise.all(races)));
  }
  expect(outcomes).toHaveLength(100);
  expect(new Set(outcomes)).toEqual(new Set(['edited to version 1', 'refused']));
});
