import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, test } from 'node:test';
import { freePorts } from '../parts/ports.mjs';
import { until } from '../wait.mjs';
import { createProxy } from './proxy.mjs';

const routes = [
  { path: '/api', exact: false, service: 'api-srv' },
  { path: '/none', exact: false, service: 'absent-srv' },
];
/** @type {(() => void)[]} */
const cleanups = [];
afterEach(() => cleanups.splice(0).forEach((cleanup) => cleanup()));

/** @param {import('node:http').RequestListener} listener @param {number} [port] */
async function serve(listener, port = 0) {
  const server = createServer(listener).listen(port, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { server, target: `127.0.0.1:${address.port}`, port: address.port };
}

/** @param {string[]} replicas @param {{ limitMs?: number }} [options] */
async function gateway(replicas, options = {}) {
  const proxy = createProxy({ routes, targets: { 'api-srv': replicas }, ...options });
  cleanups.push(proxy.close);
  return serve(proxy.handle);
}

/**
 * @param {number} port
 * @param {import('node:http').RequestOptions & { body?: string }} [options]
 * @returns {Promise<{ status: number, headers: import('node:http').IncomingHttpHeaders, body: string }>}
 */
function call(port, { body, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port, path: '/api/x', agent: false, ...options }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      res.on('error', reject);
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text }));
    });
    req.on('error', reject);
    req.end(body);
  });
}

/** @type {import('node:http').RequestListener} */
const echo = (req, res) => {
  let body = '';
  req.on('data', (chunk) => (body += chunk));
  req.on('end', () =>
    res.end(JSON.stringify({ method: req.method, url: req.url, headers: req.headers, body })),
  );
};

const deadTarget = async () => `127.0.0.1:${(await freePorts(1))[0]}`;
const codeOf = (/** @type {string} */ body) => JSON.parse(body).errors[0].code;

test('passes method, path, query, body and Host on as they are, and says who asked', async () => {
  const { target } = await serve(echo);
  const { port } = await gateway([target]);
  const answer = await call(port, {
    method: 'PUT',
    path: '/api/tickets/1?a=b%20c',
    headers: {
      host: 'ticketing.dev',
      'x-forwarded-for': '10.0.0.7',
      connection: 'x-private',
      'x-private': '1',
    },
    body: '{"price":1}',
  });
  const seen = JSON.parse(answer.body);
  assert.deepEqual([seen.method, seen.url, seen.body], ['PUT', '/api/tickets/1?a=b%20c', '{"price":1}']);
  assert.equal(seen.headers.host, 'ticketing.dev');
  assert.equal(seen.headers['x-forwarded-for'], '10.0.0.7, 127.0.0.1');
  assert.equal(seen.headers['x-forwarded-host'], 'ticketing.dev');
  assert.equal(seen.headers['x-forwarded-proto'], 'http');
  assert.match(seen.headers['x-request-id'], /^[0-9a-f-]{36}$/);
  assert.equal(seen.headers['x-private'], undefined, 'what Connection names ends at the gateway');
});

test('keeps a request id and the forwarded scheme that are there already', async () => {
  const { target } = await serve(echo);
  const { port } = await gateway([target]);
  const answer = await call(port, { headers: { 'x-request-id': 'mine', 'x-forwarded-proto': 'https' } });
  const { headers } = JSON.parse(answer.body);
  assert.deepEqual([headers['x-request-id'], headers['x-forwarded-proto']], ['mine', 'https']);
});

test('a body without a length stays one request, whatever the method', async () => {
  const { target } = await serve(echo);
  const { port } = await gateway([target]);
  const headers = { 'transfer-encoding': 'chunked' };
  for (const method of ['POST', 'DELETE', 'GET']) {
    const answer = await call(port, { method, headers, body: 'GET /api/hidden HTTP/1.1\r\nhost: x\r\n\r\n' });
    assert.match(JSON.parse(answer.body).body, /^GET \/api\/hidden/);
  }
});

test('returns several cookies as several headers', async () => {
  const { target } = await serve((_req, res) => res.writeHead(201, { 'set-cookie': ['a=1', 'b=2'] }).end());
  const { port } = await gateway([target]);
  const answer = await call(port, { method: 'POST' });
  assert.equal(answer.status, 201);
  assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
});

test('takes the replicas in turn', async () => {
  const replicas = await Promise.all(['a', 'b', 'c'].map((name) => serve((_req, res) => res.end(name))));
  const { port } = await gateway(replicas.map(({ target }) => target));
  const seen = [];
  for (let i = 0; i < 6; i++) seen.push((await call(port)).body);
  assert.deepEqual(seen.slice(0, 3).sort(), ['a', 'b', 'c']);
  assert.deepEqual(seen.slice(0, 3), seen.slice(3));
});

test('a replica that is down costs nobody an answer, a body included', async () => {
  const { target } = await serve(echo);
  const { port } = await gateway([await deadTarget(), target, await deadTarget()]);
  for (let i = 0; i < 6; i++) {
    const answer = await call(port, { method: 'POST', body: `order ${i}` });
    assert.equal(answer.status, 200);
    assert.equal(JSON.parse(answer.body).body, `order ${i}`);
  }
});

test('503 in the shape of every error where all replicas are down', async () => {
  const { port } = await gateway([await deadTarget(), await deadTarget()]);
  const answer = await call(port, { method: 'POST', body: 'x' });
  assert.equal(answer.status, 503);
  assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
  assert.equal(codeOf(answer.body), 'gateway.unavailable');
  assert.equal(typeof JSON.parse(answer.body).errors[0].message, 'string');
});

test('404 in the shape of every error for what no route or no replica serves', async () => {
  const { port } = await gateway(['127.0.0.1:1']);
  for (const path of ['/', '/apix', '/none/x']) {
    const answer = await call(port, { path });
    assert.equal(answer.status, 404);
    assert.equal(codeOf(answer.body), 'gateway.not_found');
  }
});

test('a GET whose connection breaks is asked again elsewhere, a POST is not', async () => {
  let posts = 0;
  const broken = await serve((req) => {
    if (req.method === 'POST') posts++;
    req.socket.destroy();
  });
  const whole = await serve((req, res) => {
    if (req.method === 'POST') posts++;
    res.end('whole');
  });
  const { port } = await gateway([broken.target, whole.target]);
  for (let i = 0; i < 4; i++) assert.equal((await call(port)).body, 'whole');
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await call(port, { method: 'POST', body: 'x' }));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 502, 502]);
  assert.equal(codeOf(answers.find(({ status }) => status === 502)?.body ?? ''), 'gateway.bad_gateway');
  assert.equal(posts, 4, 'each was sent once');
});

test('survives a replica that restarts between two requests of a kept connection', async () => {
  const first = await serve((_req, res) => res.end('before'));
  const { port } = await gateway([first.target]);
  assert.equal((await call(port)).body, 'before');
  first.server.close();
  first.server.closeAllConnections();
  await serve((_req, res) => res.end('after'), first.port);
  assert.equal((await call(port)).body, 'after');
});

test('a GET on a kept connection that turns out to be closed gets a new one', async () => {
  const asked = new WeakSet();
  const { target } = await serve((req, res) => {
    if (asked.has(req.socket)) req.socket.destroy();
    else res.end('answered');
    asked.add(req.socket);
  });
  const { port } = await gateway([target]);
  for (let i = 0; i < 3; i++) assert.equal((await call(port)).body, 'answered');
});

test('a client that gives up is not asked for again elsewhere', async () => {
  let asked = 0;
  const slow = () => serve(() => asked++);
  const { port } = await gateway([(await slow()).target, (await slow()).target]);
  const req = request({ host: '127.0.0.1', port, path: '/api/x', agent: false }).end();
  req.on('error', () => {}); // it gives up below
  assert.ok(await until(() => asked === 1, { deadlineMs: 2_000, everyMs: 5 }));
  req.destroy();
  assert.equal(await until(() => asked > 1, { deadlineMs: 300, everyMs: 5 }), false);
});

test('504 where the answer takes too long', async () => {
  const { target } = await serve(() => {});
  const { port } = await gateway([target], { limitMs: 100 });
  const answer = await call(port, { method: 'POST', body: 'x' });
  assert.equal(answer.status, 504);
  assert.equal(codeOf(answer.body), 'gateway.timeout');
});

test('an answer that is cut off is cut off for the client too', { timeout: 5_000 }, async () => {
  const { target } = await serve((_req, res) => {
    res.writeHead(200, { 'content-length': '100' }).write('half');
    setTimeout(() => res.destroy(), 20);
  });
  const { port } = await gateway([target]);
  await assert.rejects(call(port), /aborted|socket hang up/);
});

test('streams events as they come, for longer than the limit, while they come', async () => {
  const { target } = await serve((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    let sent = 0;
    const timer = setInterval(() => {
      res.write(`data: ${++sent}\n\n`);
      if (sent < 8) return;
      clearInterval(timer);
      res.end();
    }, 60);
  });
  const { port } = await gateway([target], { limitMs: 200 });
  const req = request({ host: '127.0.0.1', port, path: '/api/events', agent: false }).end();
  const [res] = await once(req, 'response');
  const chunks = [];
  for await (const chunk of res) chunks.push(String(chunk));
  assert.equal(chunks.length, 8, 'each event by itself');
  assert.equal(chunks.at(-1), 'data: 8\n\n');
});

test('a stream that has nothing to say yet is answered at once', async () => {
  const { target } = await serve((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  });
  const { port } = await gateway([target]);
  const req = request({ host: '127.0.0.1', port, path: '/api/events', agent: false }).end();
  req.on('error', () => {}); // it is cut off below
  const [res] = await once(req, 'response', { signal: AbortSignal.timeout(2_000) });
  assert.equal(res.statusCode, 200);
  req.destroy();
});

test('a client that goes away ends the work upstream', async () => {
  let closed = 0;
  const { target } = await serve((_req, res) => {
    res.on('close', () => closed++);
    res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
  });
  const { port } = await gateway([target]);
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /api/events HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(socket, 'data');
  socket.destroy();
  assert.ok(await until(() => closed === 1, { deadlineMs: 2_000, everyMs: 5 }));
});

test('HEAD and empty answers pass', async () => {
  const { target } = await serve((req, res) => {
    if (req.method === 'DELETE') res.writeHead(204).end();
    else res.writeHead(200, { 'content-length': '12' }).end();
  });
  const { port } = await gateway([target]);
  assert.equal((await call(port, { method: 'DELETE' })).status, 204);
  const head = await call(port, { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '12', '']);
});
