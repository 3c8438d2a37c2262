// Fills databases directly, in the shape the services write, so that many thousands of documents take seconds.
import { createRequire } from 'node:module';

const { ObjectId } = createRequire(import.meta.url)('mongodb');
const batchSize = 5000;
const someone = '0123456789abcdef01234567';

/** @param {import('mongodb').Collection} collection @param {number} count @param {(index: number) => object} make */
async function insertMany(collection, count, make) {
  for (let start = 0; start < count; start += batchSize) {
    const size = Math.min(batchSize, count - start);
    await collection.insertMany(Array.from({ length: size }, (_, index) => make(start + index)));
  }
}

/** @param {number} index */
const ticket = (index) => ({
  title: `Concert number ${index} at the old hall`,
  titleTrigrams: ['con', 'onc', 'nce', 'cer', 'ert'],
  priceInCents: 1999,
  userId: someone,
  orderId: null,
  orderSequence: 0,
  orderVersion: 0,
  soldAt: null,
  version: 0,
  createdAt: new Date(Date.now() - index * 1000),
});

/** Tickets that can be bought, without an event: up to `count` in all. @param {import('mongodb').Db} db @param {number} count */
export async function storeTickets(db, count) {
  const collection = db.collection('tickets');
  const have = await collection.countDocuments();
  await insertMany(collection, count - have, (index) => ticket(have + index));
}

/**
 * Tickets that orders knows already.
 * @param {{ tickets: import('mongodb').Db, orders: import('mongodb').Db }} dbs @param {number} count
 * @returns {Promise<string[]>} their ids
 */
export async function storeOrderable({ tickets, orders }, count) {
  const ids = Array.from({ length: count }, () => new ObjectId());
  await tickets.collection('tickets').insertMany(ids.map((_id, index) => ({ _id, ...ticket(index) })));
  const copies = ids.map((_id, index) => {
    const { title, priceInCents, userId, orderId, version } = ticket(index);
    return { _id, title, priceInCents, userId, orderId, version };
  });
  await orders.collection('tickets').insertMany(copies);
  return ids.map(String);
}

/** Ended orders of other people's tickets. @param {import('mongodb').Db} db @param {number} count */
export async function storeOrders(db, count) {
  await insertMany(db.collection('orders'), count, (index) => order(index, 'cancelled', new Date(0)));
}

/** An order as orders writes it. @param {number} index @param {string} status @param {Date} expiresAt */
function order(index, status, expiresAt) {
  return {
    userId: someone,
    status,
    expiresAt,
    sequence: 1,
    ticket: { id: String(new ObjectId()), title: `Concert number ${index}`, priceInCents: 1999 },
    version: 0,
    createdAt: new Date(),
  };
}

/**
 * Orders that all fall due at the same moment, with the events that announce them: the relay takes them from here.
 * @param {import('mongodb').Db} db @param {number} count @param {Date} expiresAt
 * @returns {Promise<import('mongodb').ObjectId[]>}
 */
export async function storeOrdersDue(db, count, expiresAt) {
  const orders = Array.from({ length: count }, (_, index) => {
    const _id = new ObjectId();
    const state = order(index, 'created', expiresAt);
    const id = String(_id);
    const { userId, status, sequence, ticket, version } = state;
    const event = {
      specversion: '1.0',
      id: `${id}.0`,
      source: '/orders',
      type: 'order:created',
      subject: id,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      traceparent: `00-${id}00000000-${id.slice(0, 16)}-01`,
      data: { id, version, status, userId, expiresAt: expiresAt.toISOString(), sequence, ticket },
    };
    return { _id, ...state, event };
  });
  await db.collection('orders').insertMany(orders);
  return orders.map(({ _id }) => _id);
}
