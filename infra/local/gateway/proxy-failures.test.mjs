import assert from 'node:assert/strict';
import { request } from 'node:http';
import { afterEach, test } from 'node:test';
import { until } from '../wait.mjs';
import { call, closeAll, codeOf, deadTarget, echo, gateway, serve } from './stub-upstreams.mjs';

afterEach(closeAll);

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
