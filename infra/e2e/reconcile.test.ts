// `npm run ops -- reconcile`: nothing to say of a system that is well, and every kind of disagreement found, and mended.
import os from 'node:os';
import { MongoClient, ObjectId } from 'mongodb';
import { whenAllHolds } from './support/invariants';
import { Person, type Order } from './support/person';
import { purchase } from './support/purchase';
import { useSystem } from './support/use-system';

const system = useSystem({ expirationSeconds: 60 });
let buy: () => Promise<Order>;
let mongo: MongoClient;

beforeAll(async () => {
  const [seller, buyer] = await Promise.all([Person.signedUp(system()), Person.signedUp(system())]);
  buy = () => purchase(seller, buyer);
  mongo = new MongoClient(system().address('mongo'), { runtimeAdapters: { os } });
});
afterAll(() => mongo.close());

interface Reconciliation {
  comparisons: Record<string, { compared: number; differ: number }>;
  disagreements: { comparison: string; id: string; own: string | null; copy: string | null }[];
  announcedAgain: number;
}

async function reconcile(...args: string[]): Promise<Reconciliation & { code: number }> {
  const { code, stdout, stderr } = await system().ops('reconcile', '--json', ...args);
  if (stdout === '') throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as Reconciliation) };
}

test('reconcile finds every kind of disagreement, and --repair mends the copies by announcing again', async () => {
  await buy();
  const [lost, old, held, unpaid] = [await buy(), await buy(), await buy(), await buy()];
  await whenAllHolds(system());
  const well = await reconcile();
  expect(well).toMatchObject({ code: 0, disagreements: [], announcedAgain: 0 });
  expect(well.comparisons).toMatchObject({
    'ticket copies': { compared: 5, differ: 0 },
    'order copies': { compared: 5, differ: 0 },
    holders: { compared: 5, differ: 0 },
    payments: { compared: 5, differ: 0 },
    charges: { compared: 5, differ: 0 },
  });

  const _id = (id: string): { _id: ObjectId } => ({ _id: new ObjectId(id) });
  await mongo.db('orders').collection('tickets').deleteOne(_id(lost.ticket.id));
  await mongo
    .db('payments')
    .collection('orders')
    .updateOne(_id(old.id), { $set: { version: 0, status: 'created' } });
  await mongo
    .db('tickets')
    .collection('tickets')
    .updateOne(_id(held.ticket.id), { $set: { orderId: null, orderVersion: 0, soldAt: null } });
  await mongo
    .db('orders')
    .collection('orders')
    .updateOne(_id(unpaid.id), { $set: { status: 'created' } });
  const stranger = '0123456789abcdef01234567';
  await chargeBehindOurBacks(stranger);

  const found = await reconcile();
  expect(found.code).toBe(1);
  const ids = found.disagreements.map(({ comparison, id }) => `${comparison} ${id}`);
  expect(ids.sort()).toEqual(
    [
      `charges ${stranger}`,
      `holders ${held.ticket.id}`,
      `order copies ${old.id}`,
      `order copies ${unpaid.id}`,
      `payments ${unpaid.id}`,
      // The ticket was changed behind its service's back, so its copy is of another state.
      `ticket copies ${held.ticket.id}`,
      `ticket copies ${lost.ticket.id}`,
    ].sort(),
  );
  expect(found.disagreements.find(({ comparison }) => comparison === 'charges')).toMatchObject({
    own: 'not charged',
    copy: '700 charged, 0 refunded',
  });

  const repaired = await reconcile('--repair');
  expect(repaired.announcedAgain).toBeGreaterThan(3);
  // Money is for people to decide on; all the rest has come back by itself.
  expect(repaired).toMatchObject({ code: 1, disagreements: [{ comparison: 'charges', id: stranger }] });
  expect(await reconcile('--since', '1')).toMatchObject({ code: 1, announcedAgain: 0 });
});

/** Stripe has charged for an order that nobody here knows. */
async function chargeBehindOurBacks(orderId: string): Promise<void> {
  const body = new URLSearchParams({
    ...{ amount: '700', currency: 'usd', confirm: 'true', 'metadata[orderId]': orderId },
    'automatic_payment_methods[enabled]': 'true',
    ...{ 'automatic_payment_methods[allow_redirects]': 'never', payment_method: 'pm_card_visa' },
  });
  const response = await fetch(`${system().address('stripe')}/v1/payment_intents`, {
    ...{ method: 'POST', headers: { authorization: 'Bearer sk_test_local' }, body },
  });
  expect([response.status, await response.json()]).toMatchObject([200, { status: 'succeeded' }]);
}
