// The rows under load: reads, sign-ins, and writes with everything they set in motion.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { measure, runLoad } from '../measure.mjs';
import { storeOrderable, storeOrders, storeTickets } from '../stored.mjs';

import { waitUntil } from '../wait-until.mjs';

/**
 * @typedef {{
 *   system: import('../system.mjs').System, parts: import('../measure.mjs').Part[], idle: Map<string, number>,
 *   seconds: number, cookie: string, credentials: { email: string, password: string },
 * }} Bench
 * @typedef {import('../measure.mjs').Measured} Measured
 * @typedef {{ name: string, measured: Measured, goal: string }} Row
 */

const connections = 50;

/** Warm once, then measured: nobody serves strangers with code that has never run. @param {Bench} bench @param {string} service @param {import('../load.mjs').RequestToSend[]} requests */
async function get(bench, service, ...requests) {
  const job = { url: bench.system.url(service), connections, requests };
  await runLoad({ ...job, seconds: Math.min(3, bench.seconds) });
  return measure(bench.parts, bench.idle, { ...job, seconds: bench.seconds });
}

/** @param {Bench} bench @returns {AsyncGenerator<Row>} */
export async function* reads(bench) {
  const { system, cookie } = bench;
  const list = { method: 'GET', path: '/api/tickets', expect: 200 };
  for (const [count, goal] of /** @type {const} */ ([
    [100, 'CPU under 1.0 ms'],
    [10_000, 'as with 100'],
    [100_000, 'as with 100, within 10 %'],
  ])) {
    await storeTickets(system.db('tickets'), count);
    const name = `GET /api/tickets, ${count.toLocaleString('en')} stored`;
    yield { name, measured: await get(bench, 'tickets', list), goal };
  }
  yield {
    name: '  each time another page of 100,000',
    measured: await get(bench, 'tickets', ...(await pages(system.db('tickets'), list))),
    goal: '',
  };
  const ticket = await system.db('tickets').collection('tickets').findOne({ orderId: null });
  const one = { method: 'GET', path: `/api/tickets/${String(ticket?._id)}`, expect: 200 };
  yield {
    name: 'GET /api/tickets/:id',
    measured: await get(bench, 'tickets', one),
    goal: 'CPU under 0.5 ms',
  };
  yield {
    name: '  node:http and the bare driver',
    measured: await bare(bench, one),
    goal: 'the floor: within 2x',
  };
  yield {
    name: '  the same through the gateway',
    measured: await get(throughGateway(bench), '', one),
    goal: '',
  };
  const me = { method: 'GET', path: '/api/users/currentuser', cookie, expect: 200 };
  yield {
    name: 'GET currentuser, signed in',
    measured: await get(bench, 'auth', me),
    goal: 'CPU under 0.15 ms',
  };
}

/** Pages that begin all over the list, as many as nobody asks for at the same time. @param {import('mongodb').Db} db @param {import('../load.mjs').RequestToSend} list */
async function pages(db, list) {
  const places = await db
    .collection('tickets')
    .aggregate([{ $match: { orderId: null } }, { $sample: { size: 500 } }, { $project: { createdAt: 1 } }])
    .toArray();
  return places.map(({ _id, createdAt }) => ({
    ...list,
    path: `${list.path}?cursor=${createdAt.getTime().toString(36)}-${String(_id)}`,
  }));
}

/** The list of tickets as a page, rendered by the client, which asks the API for it. @param {Bench} bench @returns {AsyncGenerator<Row>} */
export async function* rendered(bench) {
  const page = { method: 'GET', path: '/', expect: 200 };
  for (const [count, goal] of /** @type {const} */ ([
    [100, '200/s'],
    [100_000, 'as with 100'],
  ])) {
    await storeTickets(bench.system.db('tickets'), count);
    const name = `page of 24 tickets, ${count.toLocaleString('en')} stored`;
    yield { name, measured: await get(throughGateway(bench), '', page), goal };
  }
}

/** @param {Bench} bench @returns {Bench} */
const throughGateway = (bench) => ({
  ...bench,
  system: { ...bench.system, url: () => bench.system.gateway.replace('localhost', '127.0.0.1') },
});

/** @param {Bench} bench @param {import('../load.mjs').RequestToSend} request @returns {Promise<Measured>} */
async function bare(bench, request) {
  const uri = new URL(bench.system.url('mongo'));
  uri.pathname = '/tickets';
  const program = fileURLToPath(new URL('../bare.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, uri.href], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [port] = /** @type {[Buffer]} */ (await once(child.stdout, 'data'));
    const mongo = bench.parts.filter(({ name }) => name === 'mongo');
    const parts = [...mongo, { name: 'bare', pid: child.pid ?? 0 }];
    const system = { ...bench.system, url: () => `http://127.0.0.1:${String(port).trim()}` };
    return await get({ ...bench, system, parts }, '', request);
  } finally {
    child.kill('SIGTERM');
  }
}

/** Sign-ins, and what they do to others meanwhile. @param {Bench} bench @returns {AsyncGenerator<Row>} */
export async function* signIns(bench) {
  const { system, cookie, credentials, seconds } = bench;
  const url = system.url('auth');
  const signin = {
    method: 'POST',
    path: '/api/users/signin',
    body: JSON.stringify(credentials),
    expect: 200,
  };
  const me = { method: 'GET', path: '/api/users/currentuser', cookie, expect: 200 };
  const probe = { url, connections: 2, seconds, requests: [me] };
  const alone = await runLoad(probe);
  const [measured, meanwhile] = await Promise.all([
    measure(bench.parts, bench.idle, { url, connections, seconds, requests: [signin] }),
    runLoad(probe),
  ]);
  const others = `others' p99 ${alone.ms.p99.toFixed(1)} ms without, ${meanwhile.ms.p99.toFixed(1)} ms meanwhile`;
  yield { name: 'POST signin', measured, goal: `50/s; ${others}` };
}

/** @param {Bench} bench @returns {AsyncGenerator<Row>} */
export async function* writes(bench) {
  const { system, cookie, seconds } = bench;
  const body = JSON.stringify({ title: 'An evening of songs', price: 19.99 });
  const list = { method: 'POST', path: '/api/tickets', cookie, body, expect: 201 };
  const replicas = system.db('orders').collection('tickets');
  const listed = system.db('tickets').collection('tickets');
  const isAnnounced = { event: { $exists: true } };
  const arrived = () =>
    waitUntil('listed tickets are known to orders', async () => {
      const [here, there] = await Promise.all([
        listed.countDocuments(isAnnounced),
        replicas.countDocuments(),
      ]);
      return here === there;
    });
  const job = { url: system.url('tickets'), connections, requests: [list] };
  await runLoad({ ...job, seconds: 2 });
  await arrived();
  yield {
    name: 'POST /api/tickets',
    measured: await measure(bench.parts, bench.idle, { ...job, seconds }, arrived),
    goal: 'CPU under 1.5 ms, relay and listeners included',
  };
  for (const stored of [0, 50_000]) {
    await storeOrders(system.db('orders'), stored);
    const name = stored === 0 ? 'POST /api/orders' : `  with ${stored.toLocaleString('en')} orders stored`;
    yield { name, measured: await orders(bench), goal: 'CPU under 2.5 ms, all it sets in motion included' };
  }
}

/** Each order takes a ticket of its own. @param {Bench} bench */
async function orders({ system, cookie, parts, idle }) {
  const ids = await storeOrderable({ tickets: system.db('tickets'), orders: system.db('orders') }, 2200);
  const requests = ids.map((ticketId) => ({
    method: 'POST',
    path: '/api/orders',
    cookie,
    body: JSON.stringify({ ticketId }),
    expect: 201,
  }));
  const job = { url: system.url('orders'), connections };
  const holding = system.db('tickets').collection('tickets');
  const before = await holding.countDocuments({ orderId: { $ne: null } });
  const settled = () =>
    waitUntil('ordered tickets are held', async () => {
      return (await holding.countDocuments({ orderId: { $ne: null } })) === before + ids.length;
    });
  await runLoad({ ...job, requests: requests.slice(0, 200) });
  return measure(parts, idle, { ...job, requests: requests.slice(200) }, settled);
}
