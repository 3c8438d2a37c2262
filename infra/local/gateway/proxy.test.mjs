import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, test } from 'node:test';
import { until } from '../wait.mjs';
import { call, closeAll, echo, gateway, serve } from './stub-upstreams.mjs';

afterEach(closeAll);

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
