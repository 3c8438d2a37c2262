// What must agree between the services' databases, once what is on its way has arrived.
import { ObjectId } from 'mongodb';

/** @typedef {import('./databases.mjs').Databases} Databases */
/** @typedef {'tickets' | 'orders' | 'payments'} Owner */

/**
 * @typedef {object} Side
 * @property {Owner} service
 * @property {string} collection
 * @property {object} filter
 * @property {string} key the field whose value is compared by
 * @property {(document: any) => unknown[]} state
 */

/**
 * @typedef {object} Comparison
 * @property {string} name
 * @property {string} says what a difference means, for a person
 * @property {Side} own
 * @property {Side} copy
 * @property {{ service: Owner, key: string }[]} announcers whose last events mend a copy; the key is theirs to find it by
 */

const live = { status: { $in: ['created', 'awaiting:payment', 'complete'] } };
/** @param {any} ticket */
const ticketState = ({ version, title, priceInCents, userId, orderId }) => [
  ...[version, title, priceInCents, userId, orderId ?? null],
];

/** @type {Comparison[]} */
export const comparisons = [
  {
    name: 'ticket copies',
    says: "orders' copy of a ticket is not the ticket",
    own: { service: 'tickets', collection: 'tickets', filter: {}, key: '_id', state: ticketState },
    copy: { service: 'orders', collection: 'tickets', filter: {}, key: '_id', state: ticketState },
    announcers: [{ service: 'tickets', key: '_id' }],
  },
  {
    name: 'order copies',
    says: "payments' copy of an order is not the order",
    own: {
      ...{ service: 'orders', collection: 'orders', filter: {}, key: '_id' },
      state: ({ version, status, userId, expiresAt, ticket }) => [
        ...[version, status, userId, expiresAt, ticket?.id, ticket?.priceInCents],
      ],
    },
    copy: {
      ...{ service: 'payments', collection: 'orders', filter: {}, key: '_id' },
      state: ({ version, status, userId, expiresAt, ticketId, priceInCents }) => [
        ...[version, status, userId, expiresAt, ticketId, priceInCents],
      ],
    },
    announcers: [{ service: 'orders', key: '_id' }],
  },
  {
    name: 'holders',
    says: 'a ticket is not held by its live order',
    own: {
      ...{ service: 'orders', collection: 'orders', filter: live, key: 'ticket.id' },
      state: ({ _id }) => [String(_id)],
    },
    copy: {
      ...{ service: 'tickets', collection: 'tickets', filter: { orderId: { $type: 'string' } }, key: '_id' },
      state: ({ orderId }) => [orderId],
    },
    announcers: [{ service: 'orders', key: 'ticket.id' }],
  },
  {
    name: 'payments',
    says: 'an order is complete without its payment, or paid and not complete',
    own: {
      ...{ service: 'orders', collection: 'orders', filter: { status: 'complete' }, key: '_id' },
      state: () => ['paid'],
    },
    copy: {
      ...{ service: 'payments', collection: 'payments', filter: { status: 'charged' }, key: '_id' },
      state: () => ['paid'],
    },
    announcers: [
      { service: 'payments', key: '_id' },
      { service: 'orders', key: '_id' },
    ],
  },
];

const pageSize = 500;

/**
 * A side's entries in the order of their keys, a page at a time.
 * @param {Databases} databases
 * @param {Side} side
 * @param {readonly string[]} [keys] these only
 * @returns {AsyncGenerator<import('./compare.mjs').Entry>}
 */
export async function* entriesOf(databases, { service, collection, filter, key, state }, keys) {
  const chosen = keys ? { [key]: { $in: keys.map((each) => keyValue(key, each)) } } : {};
  const cursor = databases[service]
    .collection(collection)
    .find(
      { ...filter, ...chosen },
      { projection: { event: 0, titleTrigrams: 0 }, batchSize: pageSize, maxTimeMS: 60_000 },
    )
    .sort({ [key]: 1 });
  try {
    for await (const document of cursor)
      yield { key: String(valueAt(document, key)), state: state(document) };
  } finally {
    await cursor.close();
  }
}

/** Ids are ObjectIds; what refers to another service's document is text. @param {string} key @param {string} value */
export const keyValue = (key, value) => (key === '_id' ? new ObjectId(value) : value);

/** @param {any} document @param {string} path */
const valueAt = (document, path) => path.split('.').reduce((value, name) => value?.[name], document);
