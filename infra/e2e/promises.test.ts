// Whatever the documents tell that an operation answers or refuses for reasons of its own, it does; and nothing that a body
// holds beside what is documented has any effect.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusalsOf } from '@ticketing/common/openapi';
import { documents, seen } from './support/documented';
import { eventually } from './support/eventually';
import { orderOf, settled, ticketOf } from './support/matrix-rows';
import { expectStatus, inWords, Person, type Order, type Ticket } from './support/person';
import { useSystem } from './support/use-system';
import { readCharges } from './support/world';

const system = useSystem({});
const unknownId = '0123456789abcdef01234567';
let owner: Person;
let seller: Person;
let stranger: Person;

beforeAll(async () => {
  [owner, seller, stranger] = (await Promise.all([1, 2, 3].map(() => Person.signedUp(system())))) as [
    Person,
    Person,
    Person,
  ];
});

const told = async (asked: Promise<Parameters<typeof inWords>[0]>): Promise<string> => inWords(await asked);
const idOf = async (person: Person): Promise<string> =>
  (await person.call<{ currentUser: { id: string } }>('GET', '/api/users/currentuser')).body.currentUser.id;
const pay = (by: Person, orderId: string, token = 'tok_visa') => told(settled(() => by.pay(orderId, token)));
const open = (by: Person, orderId: string) =>
  told(settled(() => by.call('POST', '/api/payments/intents', { orderId })));
const see = (by: Person, orderId: string) => told(settled(() => by.call('GET', `/api/payments/${orderId}`)));

describe('What is documented comes true:', () => {
  test('people', async () => {
    const { email, password } = owner;
    const taken = owner.call('POST', '/api/users/signup', { email: email.toUpperCase(), password });
    expect(await told(taken)).toBe('400 auth.email_in_use');
    const wrong = { email, password: 'another password' };
    const nobody = new Person(system().url);
    expect(await told(nobody.call('POST', '/api/users/signin', wrong))).toBe('400 auth.bad_credentials');
    expect(await told(nobody.call('POST', '/api/users/signin', { email, password }))).toBe('200');
    expect(await told(nobody.call('GET', '/api/users/currentuser'))).toBe('200');
    expect(await told(nobody.call('POST', '/api/users/signout'))).toBe('200');
    const change = (currentPassword: string) =>
      stranger.call('POST', '/api/users/password', { currentPassword, newPassword: 'a battery staple' });
    expect(await told(change('another password'))).toBe('400 auth.wrong_password');
    expect(await told(change(password))).toBe('200');
  });

  test('tickets', async () => {
    const free = await ticketOf(seller);
    expect(await told(stranger.call('GET', '/api/tickets'))).toBe('200');
    expect(await told(seller.call('GET', '/api/tickets/totals'))).toBe('200');
    expect(await told(seller.edit(free, 'Another', 5))).toBe('200');
    expect(await told(stranger.edit(free, 'Mine', 5))).toBe('401 tickets.not_the_seller');
    expect(await told(seller.edit(unknownId, 'Nothing', 5))).toBe('404 tickets.not_found');
    expect(await told(seller.call('GET', `/api/tickets/${unknownId}`))).toBe('404 tickets.not_found');
    await owner.orderSoon(free);
    const edited = eventually(async () => {
      const answer = await told(seller.edit(free, 'Held', 5));
      if (answer === '200') throw new Error('tickets has not heard of the order');
      return answer;
    });
    expect(await edited).toBe('400 tickets.reserved');
  });

  test('orders', async () => {
    const ticketId = await ticketOf(seller);
    const { id } = await owner.orderSoon(ticketId);
    expect(await told(stranger.order(ticketId))).toBe('400 orders.ticket_already_reserved');
    expect(await told(seller.order(ticketId))).toBe('400 orders.own_ticket');
    expect(await told(owner.order(unknownId))).toBe('404 orders.ticket_not_found');
    expect(await told(owner.call('GET', '/api/orders'))).toBe('200');
    expect(await told(owner.call('GET', `/api/orders/${id}`))).toBe('200');
    expect(await told(stranger.call('GET', `/api/orders/${id}`))).toBe('401 orders.not_the_buyer');
    expect(await told(owner.call('GET', `/api/orders/${unknownId}`))).toBe('404 orders.not_found');
    expect(await told(stranger.cancel(id))).toBe('401 orders.not_the_buyer');
    expect(await told(owner.cancel(unknownId))).toBe('404 orders.not_found');
    expect(await told(owner.cancel(id))).toBe('204');
  });

  test('payments', async () => {
    const orderId = await orderOf({ owner, seller });
    expect(await pay(stranger, orderId)).toBe('401 payments.not_the_buyer');
    expect(await open(stranger, orderId)).toBe('401 payments.not_the_buyer');
    expect(await see(stranger, orderId)).toBe('401 payments.not_the_buyer');
    expect(await pay(owner, orderId, 'tok_chargeDeclined')).toBe('400 payments.card_declined');
    expect(await pay(owner, orderId, 'tok_nonsense')).toBe('400 payments.card_unusable');
    expect(await see(owner, orderId)).toBe('200');
    expect(await pay(owner, orderId)).toBe('201');
    expect(await pay(owner, orderId)).toBe('400 payments.already_paid');
    expect(await open(owner, orderId)).toBe('400 payments.already_paid');
    expect(await told(owner.pay(unknownId))).toBe('404 payments.order_not_found');
    const openUnknown = owner.call('POST', '/api/payments/intents', { orderId: unknownId });
    expect(await told(openUnknown)).toBe('404 payments.order_not_found');
    const seeUnknown = owner.call('GET', `/api/payments/${unknownId}`);
    expect(await told(seeUnknown)).toBe('404 payments.order_not_found');
    await eventually(async () => {
      expect((await owner.seeOrder(orderId)).status).toBe('complete');
    });
    expect(await told(owner.cancel(orderId))).toBe('400 orders.already_complete');
  });

  test('payments of what cannot be paid', async () => {
    const tiny = await orderOf({ owner, seller }, 0.01);
    expect(await pay(owner, tiny)).toBe('400 payments.amount_not_chargeable');
    const alsoTiny = await orderOf({ owner, seller }, 0.01);
    expect(await open(owner, alsoTiny)).toBe('400 payments.amount_not_chargeable');
    const cancelled = await orderOf({ owner, seller });
    expect(await see(owner, cancelled)).toBe('200');
    expectStatus(204, await owner.cancel(cancelled));
    // A card that is refused either way, until payments has heard of the cancellation.
    const refused = eventually(async () => {
      const answer = await pay(owner, cancelled, 'tok_chargeDeclined');
      if (answer.endsWith('card_declined')) throw new Error('payments has not heard of the cancellation');
      return answer;
    });
    expect(await refused).toBe('400 payments.order_cancelled');
    expect(await open(owner, cancelled)).toBe('400 payments.order_cancelled');
  });

  test('payments in the browser, and those that the bank asks about', async () => {
    expect(await open(owner, await orderOf({ owner, seller }))).toBe('201');
    const asked = await orderOf({ owner, seller });
    expect(await pay(owner, asked, 'tok_threeDSecure2Required')).toBe('400 payments.action_required');
    expect(await see(owner, asked)).toBe('200');
    const forged = { headers: { 'stripe-signature': 't=1,v1=00' } };
    const webhook = stranger.call('POST', '/api/payments/webhook', { id: 'evt_1' }, forged);
    expect(await told(webhook)).toBe('400 payments.webhook_unverified');
  });
});

describe('Fields that nobody asked for have no effect:', () => {
  const greedy = {
    ...{ id: unknownId, _id: unknownId, userId: unknownId, status: 'complete', version: 99, isAdmin: true },
    ...{ orderId: unknownId, soldAt: '2020-01-01T00:00:00.000Z', createdAt: '2020-01-01T00:00:00.000Z' },
    ...{ expiresAt: '2099-01-01T00:00:00.000Z', sequence: 99, amountInCents: 1, priceInCents: 1, event: {} },
    ...{ passwordHash: 'x', $set: { price: 1 }, ['__proto__']: { isAdmin: true }, constructor: { x: 1 } },
  };
  const send = <T>(by: Person, method: string, path: string, body: object) =>
    by.call<T>(method, path, undefined, { text: JSON.stringify({ ...greedy, ...body }) });

  test('of somebody who joins', async () => {
    const eve = new Person(system().url);
    const { email, password } = eve;
    const joined = await send<{ id: string }>(eve, 'POST', '/api/users/signup', { email, password });
    expect(joined.body).toEqual({ id: expect.stringMatching(/^[0-9a-f]{24}$/), email });
    expect(joined.body.id).not.toBe(unknownId);
    expect(await idOf(eve)).toBe(joined.body.id);
  });

  test('of a ticket', async () => {
    const input = { title: 'A concert', price: 12.34 };
    const sellerId = await idOf(seller);
    const listed = await send<Ticket>(seller, 'POST', '/api/tickets', input);
    const ticket = { ...input, userId: sellerId, version: 0, createdAt: expect.any(String) };
    expect(expectStatus(201, listed)).toEqual({ ...ticket, id: expect.not.stringContaining(unknownId) });
    const path = `/api/tickets/${listed.body.id}`;
    const edited = await send<Ticket>(seller, 'PUT', path, { title: 'Another', price: 5 });
    const { createdAt } = listed.body as Ticket & { createdAt: string };
    const now = { title: 'Another', price: 5, userId: sellerId, version: 1, createdAt, id: listed.body.id };
    expect(expectStatus(200, edited)).toEqual(now);
    expect(await seller.seeTicket(listed.body.id)).toEqual(now);
  });

  test('of an order and its payment', async () => {
    const ticketId = await ticketOf(seller, 12.34);
    const placed = await settled(() => send<Order>(owner, 'POST', '/api/orders', { ticketId, price: 0.5 }));
    const order = expectStatus(201, placed) as Order;
    expect(order).toMatchObject({ status: 'created', userId: await idOf(owner), version: 0 });
    expect(order.ticket).toEqual({ id: ticketId, title: 'A concert', price: 12.34 });
    expect(Date.parse(order.expiresAt) - Date.now()).toBeLessThan(61_000);
    const input = { orderId: order.id, token: 'tok_visa', amount: 1, price: 0.5 };
    const paid = await settled(() => send(owner, 'POST', '/api/payments', input));
    expect(expectStatus(201, paid)).toEqual({ id: order.id });
    const charges = (await readCharges(system())).filter(({ orderId }) => orderId === order.id);
    expect(charges).toMatchObject([{ charged: 1234, refunded: 0 }]);
  });
});

/** Told by tests of one service, which can stop its clock or Stripe: by what is told, the test that sees it. */
const elsewhere: Record<string, [file: string, word: string]> = {
  'placeOrder 400 orders.too_many_holds': ['orders/src/orders/open-holds.test.ts', 'orders.too_many_holds'],
  'payOrder 400 payments.order_expired': [
    'payments/src/payments/pay-order.test.ts',
    'payments.order_expired',
  ],
  'openPayment 400 payments.order_expired': [
    'payments/src/payments/open-payment.test.ts',
    'payments.order_expired',
  ],
  'payOrder 400 payments.in_progress': ['payments/src/payments/at-once.test.ts', 'payments.in_progress'],
  'openPayment 400 payments.in_progress': [
    'payments/src/payments/open-payment.test.ts',
    'payments.in_progress',
  ],
  'hearStripe 200': ['payments/src/payments/webhook.test.ts', 'received: true'],
};

test('all of this has come true, here or where it is said to', () => {
  const promised = documents.flatMap(({ operations }) =>
    Object.entries(operations).flatMap(([route, operation]) => [
      ...Object.entries(operation.answers).flatMap(([status, { mediaType }]) =>
        mediaType === 'text/event-stream' ? [] : [`${operation.id} ${status}`],
      ),
      ...refusalsOf(route, operation)
        // What is about any request, any session and any fault is the matrix's.
        .filter(({ code }) => !/^(request|session|server)\./.test(code))
        .map(({ status, code }) => `${operation.id} ${status} ${code}`),
    ]),
  );
  expect(promised.filter((promise) => !seen.has(promise)).sort()).toEqual(Object.keys(elsewhere).sort());
  for (const [file, word] of Object.values(elsewhere)) {
    expect(readFileSync(join(__dirname, '../..', file), 'utf8')).toContain(word);
  }
});
