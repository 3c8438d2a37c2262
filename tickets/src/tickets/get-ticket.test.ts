// Looking at one ticket: anybody may, and sees who has it.
import { newId, refusalIn } from '@ticketing/common/testing';
import { orderOf, ticketsSlice } from '../testing';

const { listed, get, hear } = ticketsSlice();

test('anybody sees a ticket', async () => {
  const ticket = await listed();
  const answer = await get(`/${ticket.id}`);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual(ticket);
});

test('an id is the same in upper case', async () => {
  const ticket = await listed();
  expect((await get(`/${ticket.id.toUpperCase()}`)).body).toEqual(ticket);
});

test('a held ticket names its order, a sold one also when, and a freed one neither', async () => {
  const ticket = await listed();
  const [first, second] = [orderOf(ticket.id, 1), orderOf(ticket.id, 2)];
  await hear(first.created);
  expect((await get(`/${ticket.id}`)).body).toEqual({ ...ticket, version: 1, orderId: first.id });
  await hear(first.cancelled);
  expect((await get(`/${ticket.id}`)).body).toEqual({ ...ticket, version: 2 });
  await hear(second.created);
  await hear(second.completed);
  expect((await get(`/${ticket.id}`)).body).toEqual({
    ...ticket,
    version: 4,
    orderId: second.id,
    soldAt: second.completed.time,
  });
});

test.each([
  newId(),
  'nonsense',
  '0',
  'a'.repeat(23),
  'a'.repeat(25),
  'z'.repeat(24),
  '%00',
  '[object Object]',
])('there is no ticket %s', async (id) => {
  expect(refusalIn(await get(`/${id}`))).toEqual([404, 'tickets.not_found']);
});

test('many look at once, and all see the same', async () => {
  const ticket = await listed();
  const answers = await Promise.all(Array.from({ length: 20 }, () => get(`/${ticket.id}`)));
  for (const { body } of answers) expect(body).toEqual(ticket);
});
