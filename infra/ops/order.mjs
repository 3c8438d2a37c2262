// `order ID`: what happened to one order, from every service's documents, the broker's store, Stripe and Redis.
import { ObjectId } from 'mongodb';
import { errorMessage } from '../local/failure.mjs';
import { readChannels } from './broker.mjs';
import { expirationJob } from './expiration-job.mjs';
import { intent } from './stripe.mjs';
import { table } from './tables.mjs';

const channels = /** @type {const} */ ([
  ...['ticket:updated', 'order:created', 'order:completed', 'order:cancelled'],
  ...['payment:created', 'expiration:complete'],
]);
const readDeadlineMs = 10_000;
const queryMs = 10_000;

/**
 * @typedef {object} Entry
 * @property {string} time RFC 3339
 * @property {string} service
 * @property {string} what
 * @property {string} eventId
 * @property {string} traceId
 * @property {number} times how often the broker has it
 *
 * @typedef {object} Timeline
 * @property {string} id
 * @property {Entry[]} events in the order in which they happened
 * @property {Record<string, string>} now what each service and server says of it at the moment
 * @property {string[]} setAside
 * @property {string[]} notes what could not be seen, and why
 */

/**
 * @param {import('./databases.mjs').Databases} databases
 * @param {import('./servers.mjs').Servers} servers
 * @param {string} id
 * @returns {Promise<Timeline | undefined>}
 */
export async function orderTimeline(databases, servers, id) {
  const _id = new ObjectId(id);
  /** @param {import('./comparisons.mjs').Owner} service @param {string} name @param {ObjectId} [of] @returns {Promise<any>} */
  const find = (service, name, of = _id) =>
    databases[service].collection(name).findOne({ _id: of }, { maxTimeMS: queryMs });
  const [order, copy, payment] = await Promise.all([
    find('orders', 'orders'),
    find('payments', 'orders'),
    find('payments', 'payments'),
  ]);
  const ticketId = order?.ticket.id ?? copy?.ticketId;
  if (!order && !copy && !payment) return undefined;
  const ticket = ticketId && (await find('tickets', 'tickets', new ObjectId(ticketId)));
  /** @type {string[]} */
  const notes = [];
  /** @template T @param {string} what @param {() => Promise<T>} look @returns {Promise<T | undefined>} */
  const tried = async (what, look) => {
    try {
      return await look();
    } catch (error) {
      notes.push(`${what}: ${errorMessage(error)}`);
      return undefined;
    }
  };
  const since = new Date(_id.getTimestamp().getTime() - 1000);
  const [announced, job, charge, setAside] = await Promise.all([
    tried('events of the broker (the last event of each document is shown instead)', () =>
      readChannels(servers, { channels, since, mentions: [id], deadlineMs: readDeadlineMs }),
    ),
    servers.redis ? tried('expiration', () => expirationJob(servers.redis ?? '', id)) : undefined,
    servers.stripe && payment?.stripeId
      ? tried('Stripe', () => intent(/** @type {any} */ (servers.stripe), payment.stripeId))
      : undefined,
    mentionedInSetAside(databases, id),
  ]);
  if (announced && !announced.isWhole) notes.push('the broker holds more than could be read in time');
  const carried = [order, payment, ticket?.orderId === id ? ticket : undefined].flatMap(
    (each) => each?.event ?? [],
  );
  const events = inOrder([
    ...(announced?.texts ?? []).flatMap(parse),
    ...carried.map((each) => ({ ...each, isStored: true })),
  ]);
  const now = {
    orders: order
      ? `${order.status}, version ${order.version}, expires ${order.expiresAt.toISOString()}`
      : 'unknown',
    tickets: ticket ? ticketInWords(ticket, id) : 'unknown',
    payments: [
      copy ? `copy ${copy.status}, version ${copy.version}` : 'no copy',
      payment ? `payment ${payment.status}, attempt ${payment.attempt}, ${payment.stripeId}` : 'no payment',
    ].join('; '),
    ...(charge && { stripe: `${charge.id} ${charge.status}, ${charge.money ?? 'not charged'}` }),
    ...(job && { expiration: job }),
  };
  return { id, events, now, setAside, notes };
}

/** @param {Timeline} timeline */
export function timelineText({ id, events, now, setAside, notes }) {
  const rows = events.map(({ time, service, what, eventId, traceId, times }) => [
    ...[time, service, times > 1 ? `${what} (${times} times)` : what, eventId, traceId],
  ]);
  const states = Object.entries(now).map(([name, state]) => `  ${name}: ${state}`);
  return [
    `order ${id}`,
    table(['time', 'said by', 'event', 'event id', 'trace id'], rows),
    'now',
    ...states,
    ...setAside.map((each) => `set aside: ${each}`),
    ...notes.map((note) => `not seen: ${note}`),
  ].join('\n');
}

/** @param {any} ticket @param {string} id */
function ticketInWords({ _id, orderId, soldAt, version }, id) {
  const state =
    orderId === null
      ? 'free'
      : orderId !== id
        ? `held or sold by order ${orderId}`
        : soldAt
          ? 'sold to it'
          : 'held by it';
  return `ticket ${String(_id)} ${state}, version ${version}`;
}

/**
 * Each event once, with how often it was announced; a stored one that the broker has counts for nothing.
 * @param {any[]} events
 * @returns {Entry[]}
 */
function inOrder(events) {
  /** @type {Map<string, Entry>} */
  const byId = new Map();
  for (const { source, type, id, time, traceparent, isStored } of events) {
    const key = `${source} ${type} ${id}`;
    const entry = byId.get(key) ?? {
      ...{
        time,
        service: source.slice(1),
        what: type,
        eventId: id,
        traceId: traceparent.split('-')[1] ?? '',
      },
      times: 0,
    };
    if (!isStored) entry.times++;
    byId.set(key, entry);
  }
  return [...byId.values()].sort((a, b) => a.time.localeCompare(b.time));
}

/** @param {string} text */
function parse(text) {
  try {
    const event = JSON.parse(text);
    const isEvent = [event?.source, event?.type, event?.id, event?.time, event?.traceparent].every(
      (value) => typeof value === 'string',
    );
    return isEvent ? [event] : [];
  } catch (error) {
    if (error instanceof SyntaxError) return []; // poison: it is set aside, and told there
    throw error;
  }
}

/** @param {import('./databases.mjs').Databases} databases @param {string} id */
async function mentionedInSetAside(databases, id) {
  const found = Object.entries(databases).map(async ([service, database]) => {
    const messages = await database
      .collection('set_aside')
      .find({ data: { $regex: id } }, { maxTimeMS: queryMs, limit: 20 })
      .toArray();
    return messages.map(({ _id, reason }) => `${String(_id)} by ${service}: ${JSON.stringify(reason)}`);
  });
  return (await Promise.all(found)).flat();
}
