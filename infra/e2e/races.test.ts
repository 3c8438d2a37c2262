// Races for tickets and for money, with three replicas of every service.
import { eventually, forEach, range, sleep, tally } from './support/eventually';
import { whenAllHolds } from './support/invariants';
import { expectStatus, inWords, Person } from './support/person';
import { useSystem } from './support/use-system';
import { readCharges } from './support/world';

/** Long enough for fifty buyers on a busy machine: none of them shall get a ticket because another's time is up. */
const expirationSeconds = 12;
const system = useSystem({ replicas: 3, expirationSeconds });
let seller: Person;
let buyers: Person[];

beforeAll(async () => {
  seller = await Person.signedUp(system());
  buyers = await forEach(range(50), 10, () => Person.signedUp(system()));
});

const list = (count: number, price = 19.99): Promise<string[]> =>
  forEach(range(count), 10, async (n) => expectStatus(201, await seller.list(`Seat ${n}`, price)).id);

/** The nth of the fifty, round and round. */
function buyer(n: number): Person {
  const person = buyers[n % buyers.length];
  if (!person) throw new Error('nobody has signed up');
  return person;
}

/** How these orders ended, once all have, the invariants hold, and all money is where it belongs. */
async function endsOf(orderIds: readonly string[]): Promise<Record<string, number>> {
  const { orders, charges } = await eventually(
    async () => {
      const world = await whenAllHolds(system());
      const open = world.orders.filter(({ status }) => status !== 'complete' && status !== 'cancelled');
      expect(open).toEqual([]);
      return world;
    },
    { withinMs: expirationSeconds * 1000 + 10_000, everyMs: 500 },
  );
  const refunded = new Set(charges.filter((charge) => charge.refunded > 0).map(({ orderId }) => orderId));
  const ends = new Map(orders.map(({ _id, status }) => [String(_id), status]));
  return tally(orderIds.map((id) => (refunded.has(id) ? 'refunded' : (ends.get(id) ?? 'lost'))));
}

test('of fifty buyers who order a ticket at once, one gets it: twenty times', async () => {
  const tickets = await list(20);
  // All of its tickets must be orderable before the race begins: nobody shall lose it to a copy that is late.
  for (const [n, ticket] of tickets.entries()) {
    const early = await buyer(n).orderSoon(ticket);
    expectStatus(204, await buyer(n).cancel(early.id));
  }
  await forEach(tickets, 4, async (ticket) => {
    const answers = await Promise.all(buyers.map((each) => each.order(ticket)));
    expect(tally(answers.map(inWords))).toEqual({ 201: 1, '400 orders.ticket_already_reserved': 49 });
  });
});

test('of twenty payments of one order at once, one is charged: twenty times', async () => {
  await forEach(await list(20), 4, async (ticket, n) => {
    const order = await buyer(n).orderSoon(ticket);
    const first = await buyer(n).paySoon(order.id, 'tok_chargeDeclined');
    expect(inWords(first)).toBe('400 payments.card_declined');
    const answers = await Promise.all(range(20).map(() => buyer(n).pay(order.id)));
    const words = answers.map(inWords);
    expectOnly(words, ['201', '400 payments.already_paid', '400 payments.in_progress']);
    expect(tally(words)).toMatchObject({ 201: 1 });
    const charges = (await readCharges(system())).filter((charge) => charge.orderId === order.id);
    expect(charges).toEqual([expect.objectContaining({ charged: 1999, refunded: 0 })]);
  });
});

test('an order that is cancelled while it is paid ends one way, and its money follows: 240 times', async () => {
  const answers: string[] = [];
  const orderIds = await forEach(await list(240, 5), 8, async (ticket, n) => {
    const order = await buyer(n).orderSoon(ticket);
    // Every other order has seen a declined card before.
    if (n % 2 === 0) await buyer(n).paySoon(order.id, 'tok_chargeDeclined');
    const [paid, cancelled] = await Promise.all([
      buyer(n).paySoon(order.id),
      sleep(Math.random() * 80).then(() => buyer(n).cancel(order.id)),
    ]);
    answers.push(inWords(paid), inWords(cancelled));
    return order.id;
  });
  expectOnly(answers, ['201', '204', '400 payments.order_cancelled', '400 orders.already_complete']);
  const ends = await endsOf(orderIds);
  expect(sum(ends)).toBe(240);
  // A race that one side always wins is none.
  expect(Object.keys(ends).toSorted()).toEqual(['cancelled', 'complete', 'refunded']);
});

test('an order that expires while it is paid ends one way, and its money follows: 240 times', async () => {
  const answers: string[] = [];
  const tickets = await list(240, 5);
  const orderIds = await forEach(tickets, 240, async (ticket, n) => {
    const order = await buyer(n).orderSoon(ticket);
    await sleep(Date.parse(order.expiresAt) - Date.now() - 200 + Math.random() * 220);
    answers.push(inWords(await buyer(n).pay(order.id)));
    return order.id;
  });
  expectOnly(answers, ['201', '400 payments.order_cancelled', '400 payments.order_expired']);
  const ends = await endsOf(orderIds);
  expect(sum(ends)).toBe(240);
  expect(Object.keys(ends)).toEqual(expect.arrayContaining(['cancelled', 'complete']));
});

function expectOnly(answers: string[], expected: string[]): void {
  expect(answers.filter((words) => !expected.includes(words))).toEqual([]);
}

const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);
