// Events come three times over and in any order, and messages come that are none: nothing changes, nothing is held up.
import { announce, channels, readBroker, type Announcement, type Event } from './support/broker';
import { eventually, forEach, range } from './support/eventually';
import { whenAllHolds } from './support/invariants';
import { expectStatus, Person } from './support/person';
import type { ServiceName } from './support/system';
import { useSystem } from './support/use-system';
import type { World } from './support/world';

const expirationSeconds = 2;
const system = useSystem({ expirationSeconds });
let seller: Person;
let buyer: Person;

beforeAll(async () => {
  [seller, buyer] = await Promise.all([Person.signedUp(system()), Person.signedUp(system())]);
});

/** A ticket with all that can happen to one: edited, held and cancelled, held and expired, held and sold. */
async function ticketWithAPast(title: string): Promise<void> {
  const { id } = expectStatus(201, await seller.list(title, 10));
  expectStatus(200, await seller.edit(id, `${title}, front row`, 12));
  expectStatus(204, await buyer.cancel((await buyer.orderSoon(id)).id));
  const expiring = await buyer.orderSoon(id);
  await eventually(async () => {
    expect((await buyer.seeOrder(expiring.id)).status).toBe('cancelled');
  });
  await sell(id);
}

/** From order to sold ticket: every channel and every service has its part in it. */
async function sell(ticketId: string): Promise<void> {
  const order = await buyer.orderSoon(ticketId);
  expectStatus(201, await buyer.paySoon(order.id));
  await eventually(async () => {
    expect((await buyer.seeOrder(order.id)).status).toBe('complete');
    expect((await seller.seeTicket(ticketId)).orderId).toBe(order.id);
  });
}

/** What is stored, without what has come since: new ids are left out. */
function stateOf(world: World, known: World): Record<string, unknown[]> {
  const only = <T extends { _id: unknown }>(docs: T[], before: T[]): T[] => {
    const ids = new Set(before.map(({ _id }) => String(_id)));
    return docs.filter(({ _id }) => ids.has(String(_id)));
  };
  return {
    tickets: only(world.tickets, known.tickets),
    ticketCopies: only(world.ticketCopies, known.ticketCopies),
    orders: only(world.orders, known.orders),
    orderCopies: only(world.orderCopies, known.orderCopies),
    payments: only(world.payments, known.payments),
    charges: known.charges.map(({ payment_intent }) =>
      world.charges.find((charge) => charge.payment_intent === payment_intent),
    ),
  };
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

test('all events, announced again three times over and shuffled, change nothing', async () => {
  await forEach(range(12), 6, (n) => ticketWithAPast(`Seat ${n}`));
  const before = await whenAllHolds(system());
  const announcements = await readBroker(system());
  expect(new Set(announcements.map(({ channel }) => channel))).toEqual(new Set(channels));

  await announce(system(), shuffled([...announcements, ...announcements, ...announcements]));
  await ticketWithAPast('The last of the row');
  const after = await whenAllHolds(system());
  expect(stateOf(after, before)).toEqual(stateOf(before, before));
});

const unknownId = '0123456789abcdef01234567';
const listened: readonly [ServiceName, string[]][] = [
  ['tickets', ['order:created', 'order:completed', 'order:cancelled']],
  ['orders', ['ticket:created', 'ticket:updated', 'payment:created', 'expiration:complete']],
  ['payments', ['order:created', 'order:completed', 'order:cancelled']],
  ['expiration', ['order:created']],
];

test('messages that are no events are set aside for an operator and hold up nothing', async () => {
  const before = await whenAllHolds(system());
  const announcements = await readBroker(system());
  const poison = channels.flatMap((channel) => poisonFor(channel, announcements));
  await announce(system(), shuffled(poison));
  await ticketWithAPast('After the poison');

  const after = await whenAllHolds(system());
  expect(stateOf(after, before)).toEqual(stateOf(before, before));
  for (const [service, itsChannels] of listened) {
    const expected = poison.filter(({ channel }) => itsChannels.includes(channel));
    await eventually(async () => {
      const list = await system().serviceCommand(service, 'set-aside', 'list');
      expect(list).toContain(`\n${expected.length} set aside\n`);
      for (const { channel, text } of expected) {
        expect(list).toMatch(new RegExp(`^${channel}/\\d+\\t`, 'm'));
        expect(list).toContain(`\n\t${text}`);
      }
    });
  }
  expect(Object.values(await system().restarts())).toEqual([0, 0, 0, 0, 0]);
});

test('news of an order that nobody knows changes nothing, and is no failure', async () => {
  const before = await whenAllHolds(system());
  const failuresBefore = await failures('orders');
  const announcements = await readBroker(system());
  const strange = ['payment:created', 'expiration:complete'].map((channel) => {
    const event = eventOn(channel, announcements);
    const data = { ...event.data, ...('id' in event.data && { id: unknownId }), orderId: unknownId };
    return { channel, text: JSON.stringify({ ...event, id: `${unknownId}.0`, subject: unknownId, data }) };
  });
  await announce(system(), strange);
  await ticketWithAPast('After the strangers');
  const after = await whenAllHolds(system());
  expect(after.orders).toHaveLength(before.orders.length + 3);
  expect(stateOf(after, before)).toEqual(stateOf(before, before));
  expect(await failures('orders')).toEqual(failuresBefore);
});

/** The service's own count of events that it could not handle, by channel and outcome. */
async function failures(service: ServiceName): Promise<string[]> {
  const metrics = await (await fetch(`${system().address(service)}/metrics`)).text();
  expect(metrics).toMatch(/^events_received_total\{.*outcome="handled"/m);
  return metrics.split('\n').filter((line) => /^events_received_total\{.*outcome="(?!handled)/.test(line));
}

/** A real one, as a model for false ones. */
function eventOn(channel: string, announcements: readonly Announcement[]): Event {
  const found = announcements.find((announcement) => announcement.channel === channel);
  if (!found) throw new Error(`nothing was announced on ${channel}`);
  return JSON.parse(found.text) as Event;
}

function poisonFor(channel: string, announcements: readonly Announcement[]): Announcement[] {
  const event = eventOn(channel, announcements);
  const texts = [
    `no JSON on ${channel}`,
    JSON.stringify({ ...event, id: 'poison.0', data: { id: 7, orderId: { $gt: '' } } }),
    JSON.stringify({ ...event, id: 'poison.1', type: 'ticket:stolen' }),
  ];
  return texts.map((text) => ({ channel, text }));
}
