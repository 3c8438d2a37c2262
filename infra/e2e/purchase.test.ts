// The story the product is for: listed, held, paid, sold; or held, expired and free again.
import { whenAllHolds } from './support/invariants';
import { eventually } from './support/eventually';
import { expectStatus, inWords, Person, type Answer, type Ticket } from './support/person';
import { useSystem } from './support/use-system';
import { readCharges } from './support/world';

const expirationSeconds = 3;
const system = useSystem({ expirationSeconds });
let seller: Person;
let buyer: Person;
let another: Person;

beforeAll(async () => {
  [seller, buyer, another] = await Promise.all([
    Person.signedUp(system()),
    Person.signedUp(system()),
    Person.signedUp(system()),
  ]);
});

test('a person signs up, is known by a cookie, signs out, and comes back', async () => {
  const person = new Person(system().url);
  const welcome = await person.signUp();
  expect(welcome.status).toBe(201);
  expect(welcome.body).toEqual({ id: expect.stringMatching(/^[0-9a-f]{24}$/), email: person.email });
  expect(welcome.headers.get('set-cookie')).toMatch(/^session=.*; path=\/;.*; samesite=lax; httponly$/i);
  expect(await whoIs(person)).toMatchObject({ email: person.email });

  expectStatus(200, await person.call('POST', '/api/users/signout', {}));
  expect(await whoIs(person)).toBeNull();
  expect(inWords(await person.list('A concert', 10))).toBe('401 session.not_signed_in');

  const wrong = { email: person.email, password: 'not the password' };
  expect(inWords(await person.call('POST', '/api/users/signin', wrong))).toBe('400 auth.bad_credentials');
  const right = { email: person.email.toUpperCase(), password: person.password };
  expectStatus(200, await person.call('POST', '/api/users/signin', right));
  expect(await whoIs(person)).toMatchObject({ email: person.email });
});

test('a listed ticket is held, paid after a declined card, and sold', async () => {
  const ticket = expectStatus(201, await seller.list('Bach in the Cathedral', 19.99));
  expect((await search('Cathedral')).map(({ id }) => id)).toEqual([ticket.id]);

  const order = await buyer.orderSoon(ticket.id);
  expect(order).toMatchObject({
    status: 'created',
    ticket: { id: ticket.id, title: 'Bach in the Cathedral', price: 19.99 },
  });
  await eventually(async () => {
    expect((await seller.seeTicket(ticket.id)).orderId).toBe(order.id);
  });
  expect(await search('Cathedral')).toEqual([]);

  const declined = await buyer.paySoon(order.id, 'tok_chargeDeclined');
  expect(inWords(declined)).toBe('400 payments.card_declined');
  expect((await buyer.seeOrder(order.id)).status).toBe('created');
  expectStatus(201, await buyer.pay(order.id));
  await eventually(async () => {
    expect((await buyer.seeOrder(order.id)).status).toBe('complete');
  });

  expect(inWords(await buyer.pay(order.id))).toBe('400 payments.already_paid');
  expect(inWords(await buyer.cancel(order.id))).toBe('400 orders.already_complete');
  const charges = (await readCharges(system())).filter(({ orderId }) => orderId === order.id);
  expect(charges).toEqual([expect.objectContaining({ charged: 1999, refunded: 0 })]);

  // Its time passes: sold it stays.
  await until(order.expiresAt, 1000);
  expect((await buyer.seeOrder(order.id)).status).toBe('complete');
  expect((await seller.seeTicket(ticket.id)).orderId).toBe(order.id);
});

test('an unpaid ticket is free again within a second of its time, and another buyer gets it', async () => {
  const ticket = expectStatus(201, await seller.list('City Derby', 54.5));
  const order = await buyer.orderSoon(ticket.id);
  const expiresAt = Date.parse(order.expiresAt);
  expect(expiresAt - Date.now()).toBeGreaterThan(expirationSeconds * 1000 - 1000);
  await eventually(async () => {
    expect((await seller.seeTicket(ticket.id)).orderId).toBe(order.id);
  });

  await eventually(async () => {
    expect((await seller.seeTicket(ticket.id)).orderId).toBeUndefined();
  });
  const lateMs = Date.now() - expiresAt;
  expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(lateMs).toBeLessThan(1000);
  expect((await buyer.seeOrder(order.id)).status).toBe('cancelled');
  expect(inWords(await buyer.pay(order.id))).toBe('400 payments.order_cancelled');

  const second = await another.orderSoon(ticket.id);
  expectStatus(201, await another.paySoon(second.id));
});

test('a cancelled order frees its ticket, and a second cancellation changes nothing', async () => {
  const ticket = expectStatus(201, await seller.list('Midnight Jazz', 7));
  const order = await buyer.orderSoon(ticket.id);
  expectStatus(204, await buyer.cancel(order.id));
  const cancelled = await buyer.seeOrder(order.id);
  expectStatus(204, await buyer.cancel(order.id));
  expect(await buyer.seeOrder(order.id)).toEqual(cancelled);
  await eventually(async () => {
    expect((await seller.seeTicket(ticket.id)).orderId).toBeUndefined();
    expect((await search('Midnight')).map(({ id }) => id)).toEqual([ticket.id]);
  });
  expectStatus(201, await another.order(ticket.id));
  expect(inWords(await seller.order(ticket.id))).toBe('400 orders.own_ticket');
});

test('what is held or sold is neither edited nor ordered, and keeps the price it was ordered at', async () => {
  const ticket = expectStatus(201, await seller.list('The Tempest', 20));
  expectStatus(200, await seller.edit(ticket.id, 'The Tempest, balcony', 27.25));
  const order = await eventually(async () => {
    const placed = expectStatus(201, await buyer.order(ticket.id));
    if (placed.ticket.price === 27.25) return placed;
    expectStatus(204, await buyer.cancel(placed.id));
    throw new Error('orders has not heard of the edit');
  });
  await eventually(async () => {
    expect((await seller.seeTicket(ticket.id)).orderId).toBe(order.id);
  });
  expect(inWords(await seller.edit(ticket.id, 'Hamlet', 99))).toBe('400 tickets.reserved');
  expect(inWords(await another.order(ticket.id))).toBe('400 orders.ticket_already_reserved');
  expectStatus(201, await buyer.paySoon(order.id));
  expect(inWords(await seller.edit(ticket.id, 'Hamlet', 99))).toBe('400 tickets.reserved');
  expect(inWords(await another.order(ticket.id))).toBe('400 orders.ticket_already_reserved');
  expect(await seller.seeTicket(ticket.id)).toMatchObject({ title: 'The Tempest, balcony', price: 27.25 });
});

test('nobody reads or changes what is another’s', async () => {
  const ticket = expectStatus(201, await seller.list('Harbour Lights', 89.9));
  expect(inWords(await buyer.edit(ticket.id, 'Mine', 1))).toBe('401 tickets.not_the_seller');
  const order = await buyer.orderSoon(ticket.id);
  const stranger = await Person.signedUp(system());
  const path = `/api/orders/${order.id}`;
  expect(inWords(await stranger.call('GET', path))).toBe('401 orders.not_the_buyer');
  expect(inWords(await stranger.cancel(order.id))).toBe('401 orders.not_the_buyer');
  expect(inWords(await stranger.paySoon(order.id))).toBe('401 payments.not_the_buyer');
  expect((await stranger.call('GET', '/api/orders')).body).toEqual([]);
  expect((await buyer.seeOrder(order.id)).status).toBe('created');
});

test('lists go on from page to page by their Link header', async () => {
  const titles = ['Page one', 'Page two', 'Page three'];
  for (const title of titles) expectStatus(201, await seller.list(title, 5));
  const seen: string[] = [];
  let next: string | undefined = '/api/tickets?seller=me&q=Page&limit=1';
  while (next !== undefined) {
    const page: Answer<Ticket[]> = await seller.call('GET', next);
    seen.push(...expectStatus(200, page).map(({ title }) => title));
    next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
  }
  expect(seen).toEqual(titles.toReversed());
});

test('after the story the copies agree and every cent is where it belongs', async () => {
  await eventually(
    async () => {
      const { orders } = await whenAllHolds(system());
      expect(orders.length).toBeGreaterThanOrEqual(6);
      expect(orders.filter(({ status }) => status === 'created')).toEqual([]);
    },
    { withinMs: expirationSeconds * 1000 + 5000, everyMs: 500 },
  );
  expect(Object.values(await system().restarts())).toEqual([0, 0, 0, 0, 0]);
});

async function whoIs(person: Person): Promise<unknown> {
  const answer = await person.call<{ currentUser: unknown }>('GET', '/api/users/currentuser');
  return expectStatus(200, answer).currentUser;
}

/** What somebody who is not signed in finds. */
async function search(text: string): Promise<Ticket[]> {
  const path = `/api/tickets?q=${encodeURIComponent(text)}`;
  return expectStatus(200, await new Person(system().url).call<Ticket[]>('GET', path));
}

/** Resolves `afterMs` after an instant. */
async function until(instant: string, afterMs: number): Promise<void> {
  const ms = Date.parse(instant) + afterMs - Date.now();
  await new Promise((resolve) => setTimeout(resolve, ms));
}
