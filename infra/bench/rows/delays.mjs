// The rows about time: how long a change takes to be known elsewhere, and how late expiry is.
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../load.mjs';
import { storeOrdersDue } from '../stored.mjs';
import { call } from '../system.mjs';
import { waitUntil } from '../wait-until.mjs';

/**
 * @typedef {import('./loads.mjs').Bench} Bench
 * @typedef {{ name: string, count: number, ms: { p50: number, p99: number, max: number }, goal: string }} DelayRow
 */

const samples = 200;

/** @param {string} name @param {number[]} times @param {string} goal @returns {DelayRow} */
function row(name, times, goal) {
  const sorted = [...times].sort((a, b) => a - b);
  const ms = { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: sorted.at(-1) ?? NaN };
  return { name, count: times.length, ms, goal };
}

/** One at a time on an idle system: from a 201 to the moment it is known elsewhere. @param {Bench} bench @returns {Promise<DelayRow[]>} */
export async function propagation({ system, cookie }) {
  // Nobody may order what they sell.
  const buyer = await call('POST', `${system.url('auth')}/api/users/signup`, {
    body: { email: 'buyer@ticketing.test', password: 'a password for the bench' },
  });
  const orderable = [];
  const held = [];
  const replicas = system.db('orders').collection('tickets');
  for (let sample = 0; sample < samples; sample++) {
    const ticket = await call('POST', `${system.url('tickets')}/api/tickets`, {
      body: { title: `Sample ${sample}`, price: 5 },
      cookie,
    });
    const listedAt = performance.now();
    await waitUntil(
      'a ticket can be ordered',
      async () => (await replicas.countDocuments({ title: `Sample ${sample}` })) > 0,
      {
        everyMs: 1,
      },
    );
    orderable.push(performance.now() - listedAt);
    const order = await call('POST', `${system.url('orders')}/api/orders`, {
      body: { ticketId: ticket.body.id },
      cookie: buyer.cookie,
    });
    if (order.status !== 201) throw new Error(`An order was refused: ${JSON.stringify(order.body)}`);
    const orderedAt = performance.now();
    const isHeld = async () =>
      (await call('GET', `${system.url('tickets')}/api/tickets/${ticket.body.id}`)).body.orderId !==
      undefined;
    await waitUntil('its ticket is held', isHeld, { everyMs: 1 });
    held.push(performance.now() - orderedAt);
  }
  return [
    row('from a listed ticket to an orderable one', orderable, 'course p99 39 ms'),
    row('from an order to its ticket held', held, 'course p99 35 ms'),
  ];
}

/** Orders that all fall due at once: by how much the cancellation is later than expiresAt. @param {Bench} bench @param {number} count @returns {Promise<DelayRow>} */
export async function expiry({ system }, count) {
  const database = system.db('orders');
  const expiresAt = new Date(Date.now() + 12_000);
  const ids = await storeOrdersDue(database, count, expiresAt);
  await sleep(expiresAt.getTime() - Date.now());
  const orders = database.collection('orders');
  const mine = { _id: { $in: ids } };
  await waitUntil(
    'all are cancelled',
    async () => (await orders.countDocuments({ ...mine, status: 'created' })) === 0,
  );
  const cancelled = await orders.find(mine, { projection: { 'event.time': 1 } }).toArray();
  const late = cancelled.map(({ event }) => Date.parse(event.time) - expiresAt.getTime());
  return row(`expiry, ${count.toLocaleString('en')} orders due at once: late by`, late, 'p99 under 1,000 ms');
}
