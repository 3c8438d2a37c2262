// The story of infra/e2e, through the ingress of a cluster.
import { eventually } from '../../../e2e/support/eventually';
import { expectStatus, inWords, Person } from '../../../e2e/support/person';
import { cluster, look, services, whenAllHoldsInside } from './support/cluster';
import { readCharges } from '../../../e2e/support/world';
import { podsOf } from './support/kubectl';
import { tell } from './support/figures';

let seller: Person;
let buyer: Person;
let restartsBefore: number[];
beforeAll(async () => {
  restartsBefore = await restarts();
  [seller, buyer] = await Promise.all([Person.signedUp(cluster), Person.signedUp(cluster)]);
});

test('plain http is sent on to https, and a session is for https only', async () => {
  const plain = await fetch(`${cluster.url.replace('https:', 'http:')}/api/users/currentuser`, {
    redirect: 'manual',
  });
  expect([301, 302, 307, 308]).toContain(plain.status);
  expect(plain.headers.get('location')).toMatch(/^https:/);
  const welcome = await new Person(cluster.url).signUp();
  expect(welcome.headers.get('set-cookie')).toMatch(/; secure/i);
});

test('a listed ticket is held, paid after a declined card, and sold', async () => {
  const ticket = expectStatus(201, await seller.list('Bach in the Cathedral', 19.99));
  const order = await buyer.orderSoon(ticket.id);
  expect(inWords(await buyer.paySoon(order.id, 'tok_chargeDeclined'))).toBe('400 payments.card_declined');
  expectStatus(201, await buyer.pay(order.id));
  await eventually(async () => {
    expect((await buyer.seeOrder(order.id)).status).toBe('complete');
    expect((await seller.seeTicket(ticket.id)).orderId).toBe(order.id);
  });
  const charges = (await look(readCharges)).filter(({ orderId }) => orderId === order.id);
  expect(charges).toEqual([expect.objectContaining({ charged: 1999, refunded: 0 })]);
});

test('a page shows what is for sale, rendered inside the cluster in the name of who reads it', async () => {
  const title = `Evensong ${Date.now()}`;
  expectStatus(201, await seller.list(title, 5));
  const response = await fetch(`${cluster.url}/`, { headers: { cookie: buyer.cookie } });
  const html = await response.text();
  expect(response.status).toBe(200);
  expect(html).toContain(title);
  expect(html).toContain(buyer.email);
});

test('an unpaid ticket is free again soon after its time', async () => {
  const ticket = expectStatus(201, await seller.list('City Derby', 54.5));
  const order = await buyer.orderSoon(ticket.id);
  await eventually(async () => {
    expect((await seller.seeTicket(ticket.id)).orderId).toBe(order.id);
  });
  await eventually(
    async () => {
      expect((await seller.seeTicket(ticket.id)).orderId).toBeUndefined();
    },
    { withinMs: 60_000 },
  );
  const lateMs = Date.now() - Date.parse(order.expiresAt);
  expect(lateMs).toBeGreaterThanOrEqual(0);
  // Well before orders would have seen to it by itself: expiration has done it.
  expect(lateMs).toBeLessThan(3000);
  expect((await buyer.seeOrder(order.id)).status).toBe('cancelled');
  tell('expiry', { 'free again after its time, ms': lateMs });
});

test('after the story everything holds, and no process was started again', async () => {
  await whenAllHoldsInside();
  expect(await restarts()).toEqual(restartsBefore);
});

/** How often each pod's process was started again. */
async function restarts(): Promise<number[]> {
  const pods = await Promise.all(services.map((name) => podsOf(name)));
  return pods.flat().map(({ status }) => status.containerStatuses?.[0]?.restartCount ?? 0);
}
