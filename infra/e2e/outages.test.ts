// The broker or Redis is away, or expiration is: people go on, nothing is started again, and all of it catches up.
import { eventually, forEach, range, sleep, tally } from './support/eventually';
import { whenAllHolds } from './support/invariants';
import { expectStatus, Person, type Order } from './support/person';
import { Traffic } from './support/traffic';
import { flushRedis } from './support/redis';
import { useSystem } from './support/use-system';

const expirationSeconds = 4;
/** What orders waits for expiration before it sees to an overdue order itself, and some seconds for a busy machine. */
const withoutExpirationMs = 3000 + 3000;
/** Well before orders would have stepped in: expiration has done it. */
const withExpirationMs = 2500;
const system = useSystem({ expirationSeconds });
let seller: Person;
let buyer: Person;

beforeAll(async () => {
  [seller, buyer] = await Promise.all([Person.signedUp(system()), Person.signedUp(system())]);
});

let restartsBefore: Record<string, number>;
beforeEach(async () => {
  restartsBefore = await system().restarts();
});
afterEach(async () => {
  expect(await system().restarts()).toEqual(restartsBefore);
});

/** Tickets that somebody has already ordered once, so that orders has heard of them. */
const knownTickets = (count: number): Promise<string[]> =>
  forEach(range(count), 5, async (n) => {
    const { id } = expectStatus(201, await seller.list(`Known ${n}`, 12.5));
    expectStatus(204, await buyer.cancel((await buyer.orderSoon(id)).id));
    return id;
  });

/** People trade while something is away; then all that they were promised is there, for everybody. */
async function tradeWithout(part: string, seconds: number): Promise<Record<string, number>> {
  const market = await knownTickets(30);
  await system().stopPart(part);
  const traffic = await Traffic.begin(system(), {
    ...{ people: 3, ends: ['cancel', 'cancel', 'leave'], restMs: 80, newcomers: true, market },
  });
  await sleep(seconds * 1000);
  await traffic.end();
  const answers = tally(traffic.answers);
  await system().startPart(part);
  const world = await whenAllHolds(system(), { withinMs: 10_000 });
  expect(await traffic.broken(world)).toEqual([]);
  const [ticket = ''] = [...traffic.titles.keys()].slice(-1);
  await buyer.orderSoon(ticket, 1000);
  return answers;
}

const isServerFault = (words: string): boolean => /^(0|5\d\d)/.test(words);

test.each([
  ['10 s, and the connection comes back', 'nats', 10],
  ['25 s, and the client has given up on it', 'nats', 25],
  ['10 s', 'redis', 10],
])(
  'away for %s: with %s gone people list, edit, order and cancel, and all of it catches up',
  async (_, part, seconds) => {
    const answers = await tradeWithout(part, seconds);
    expect(Object.keys(answers).filter(isServerFault)).toEqual([]);
    expect(answers).toMatchObject({
      200: expect.any(Number),
      201: expect.any(Number),
      204: expect.any(Number),
    });
    expect(answers[204]).toBeGreaterThan(10);
  },
);

/** Places orders, does something to the system, and tells how late each ticket was free again, in ms. */
async function lateness(count: number, meanwhile: () => Promise<unknown>): Promise<number[]> {
  const tickets = await knownTickets(count);
  const orders: Order[] = await forEach(tickets, count, (ticket) => buyer.orderSoon(ticket));
  await forEach(tickets, count, (id) =>
    eventually(async () => {
      expect((await seller.seeTicket(id)).orderId).toBeDefined();
    }),
  );
  await meanwhile();
  return forEach(orders, count, async ({ ticket, expiresAt }) => {
    await sleep(Date.parse(expiresAt) - Date.now() - 100);
    return eventually(
      async () => {
        expect((await seller.seeTicket(ticket.id)).orderId).toBeUndefined();
        return Date.now() - Date.parse(expiresAt);
      },
      { withinMs: 15_000 },
    );
  });
}

test('Redis is emptied: the open orders expire within seconds all the same, and later ones in time', async () => {
  const emptied = await lateness(10, () => flushRedis(system()));
  expect(Math.min(...emptied)).toBeGreaterThan(withExpirationMs); // else their jobs were still there
  expect(Math.max(...emptied)).toBeLessThan(withoutExpirationMs);
  expect(Math.max(...(await lateness(5, () => Promise.resolve())))).toBeLessThan(withExpirationMs);
});

test('expiration is away while orders fall due: their tickets are free within seconds, without it', async () => {
  const late = await lateness(10, () => system().stopPart('expiration'));
  expect(Math.max(...late)).toBeLessThan(withoutExpirationMs);
  await system().startPart('expiration');
  await whenAllHolds(system());
  expect(Math.max(...(await lateness(5, () => Promise.resolve())))).toBeLessThan(withExpirationMs);
});
