// The copy of a ticket: the newest state wins, in whatever order the states arrive.
import { newId, refusalIn, ticketData } from '@ticketing/common/testing';
import { createdTicket, ordersSlice, updatedTicket } from '../testing';
import { copyTicket } from './copy-ticket';

const { tickets, place } = ordersSlice();

const copyOf = (id: string) => tickets.find(id);

test('a ticket that is listed can be ordered from then on', async () => {
  const { data } = createdTicket({ title: 'A play', priceInCents: 500 });
  expect(refusalIn(await place(data.id))[0]).toBe(404);
  await copyTicket(data, tickets);
  const { id, ...state } = data;
  expect(await copyOf(id)).toEqual({ _id: expect.anything(), ...state });
  expect((await place(id)).status).toBe(201);
});

test('a newer state replaces the copy whole', async () => {
  const { data } = createdTicket();
  await copyTicket(data, tickets);
  const newer = updatedTicket({
    ...data,
    version: 1,
    title: 'Renamed',
    priceInCents: 1,
    orderId: newId(),
  }).data;
  await copyTicket(newer, tickets);
  expect(await copyOf(data.id)).toMatchObject({
    version: 1,
    title: 'Renamed',
    priceInCents: 1,
    orderId: newer.orderId,
  });
});

test('an older state, or the same again, changes nothing', async () => {
  const data = ticketData({ version: 3, title: 'Third' });
  await copyTicket(data, tickets);
  const before = await copyOf(data.id);
  await copyTicket(data, tickets);
  await copyTicket({ ...data, title: 'Another third' }, tickets);
  await copyTicket({ ...data, version: 2, title: 'Second' }, tickets);
  await copyTicket({ ...data, version: 0, title: 'First' }, tickets);
  expect(await copyOf(data.id)).toEqual(before);
});

test('a state of a ticket never heard of is enough by itself, also when it is not the first', async () => {
  const data = ticketData({ version: 7 });
  await copyTicket(data, tickets);
  expect(await copyOf(data.id)).toMatchObject({ version: 7 });
});

test('states that all arrive at once, shuffled and twice, leave the newest, a hundred tickets over', async () => {
  const versions = [4, 0, 3, 1, 4, 2, 0, 1, 3, 2];
  await Promise.all(
    Array.from({ length: 100 }, async () => {
      const data = ticketData();
      await Promise.all(
        versions.map((version) => copyTicket({ ...data, version, title: `Version ${version}` }, tickets)),
      );
      expect(await copyOf(data.id)).toMatchObject({ version: 4, title: 'Version 4' });
    }),
  );
});
