// A ticket follows its orders: once, twice, late, in whatever order their events arrive.
import { TicketUpdated, type CloudEvent, type OrderData } from '@ticketing/common';
import { newId } from '@ticketing/common/testing';
import { orderOf, ticketsSlice } from '../testing';

const { tickets, listed, stored, eventOf, hear, fill } = ticketsSlice();

const hearAll = async (events: CloudEvent<OrderData>[]): Promise<void> => {
  for (const event of events) await hear(event);
};

test('a ticket that is ordered is held, and says so', async () => {
  const { id } = await listed();
  const { created } = orderOf(id);
  await hear(created);
  expect(await stored(id)).toMatchObject({ orderId: created.data.id, version: 1, soldAt: null });
  const event = await eventOf(id, TicketUpdated);
  expect(event.data).toMatchObject({ id, orderId: created.data.id, version: 1 });
  expect(event.traceparent).toBe(created.traceparent);
});

test('a ticket whose order is cancelled is free again, and says so', async () => {
  const { id } = await listed();
  const { created, cancelled } = orderOf(id);
  await hearAll([created, cancelled]);
  expect(await stored(id)).toMatchObject({ orderId: null, version: 2, soldAt: null });
  expect((await eventOf(id, TicketUpdated)).data).toMatchObject({ orderId: null, version: 2 });
});

test('a ticket whose order is paid is sold, at the time at which it was paid', async () => {
  const { id } = await listed();
  const { created, completed } = orderOf(id);
  await hearAll([created, completed]);
  const { orderId, soldAt } = await stored(id);
  expect(orderId).toBe(created.data.id);
  expect(soldAt?.toISOString()).toBe(completed.time);
  expect((await eventOf(id, TicketUpdated)).data).toMatchObject({ orderId, version: 2 });
});

test('what comes twice changes nothing: no version, no event', async () => {
  const { id } = await listed();
  const { created, cancelled } = orderOf(id);
  await hearAll([created, created]);
  expect((await stored(id)).version).toBe(1);
  await hearAll([cancelled, cancelled, created]);
  const event = await eventOf(id, TicketUpdated);
  expect(event).toMatchObject({ id: `${id}.2`, data: { orderId: null } });
  expect((await stored(id)).version).toBe(2);
});

test('an event heard twice at once is followed once', async () => {
  const { id } = await listed();
  const { created } = orderOf(id);
  await Promise.all([hear(created), hear(created), hear(created)]);
  expect(await stored(id)).toMatchObject({ version: 1, orderId: created.data.id });
});

test('a cancellation that comes before its order leaves the ticket free for good', async () => {
  const { id } = await listed();
  const { created, cancelled } = orderOf(id);
  await hearAll([cancelled, created]);
  expect(await stored(id)).toMatchObject({ orderId: null, orderSequence: 1, orderVersion: 1 });
});

test("an earlier order's late events do not touch a later order's ticket", async () => {
  const { id } = await listed();
  const [first, second] = [orderOf(id, 1), orderOf(id, 2)];
  await hearAll([second.created, first.created, first.cancelled, first.completed]);
  expect(await stored(id)).toMatchObject({ orderId: second.id, version: 1, soldAt: null });
});

test('an order of an unknown ticket makes none, and is no error', async () => {
  const unknown = newId();
  const before = await tickets.model.countDocuments();
  const { created, cancelled } = orderOf(unknown);
  await hearAll([created, cancelled]);
  expect(await tickets.find(unknown)).toBeUndefined();
  expect(await tickets.model.countDocuments()).toBe(before);
});

/** All orders in which some things can happen. */
function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}

const end = async (id: string) => {
  const { orderId, orderSequence, orderVersion, soldAt } = await stored(id);
  return { orderId, orderSequence, orderVersion, soldAt };
};

test.each(['completed', 'cancelled'] as const)(
  'two orders, the first cancelled and the second %s, end the same in all 24 orders of their events and with repeats',
  async (ending) => {
    const eventsOf = (id: string) => {
      const [first, second] = [orderOf(id, 1), orderOf(id, 2)];
      return { second, events: [first.created, first.cancelled, second.created, second[ending]] };
    };
    const arrivals = permutations([0, 1, 2, 3]).flatMap((order) => [
      order,
      [...order, ...order],
      order.flatMap((index) => [index, index]),
    ]);
    expect(arrivals).toHaveLength(24 * 3);
    const ids = await fill(arrivals.map(() => ({})));
    const isSold = ending === 'completed';
    await Promise.all(
      arrivals.map(async (order, place) => {
        const id = String(ids[place]);
        const { second, events } = eventsOf(id);
        await hearAll(order.map((index) => events[index] as CloudEvent<OrderData>));
        expect(await end(id)).toEqual({
          orderId: isSold ? second.id : null,
          orderSequence: 2,
          orderVersion: 1,
          soldAt: isSold ? new Date(second.completed.time) : null,
        });
        // At most one change for each event, and what was last said is what stands there.
        const { version } = await stored(id);
        expect(version).toBeLessThanOrEqual(4);
        const said = await eventOf(id, TicketUpdated);
        expect(said.data).toMatchObject({ version, orderId: isSold ? second.id : null });
      }),
    );
  },
);

test('two orders whose events all arrive at once end as if they had come in turn', async () => {
  const { id } = await listed();
  const [first, second] = [orderOf(id, 1), orderOf(id, 2)];
  const all = [first.created, first.cancelled, second.created, second.completed];
  await Promise.all([...all, ...all].map(hear));
  expect(await end(id)).toMatchObject({ orderId: second.id, orderSequence: 2, orderVersion: 1 });
});
