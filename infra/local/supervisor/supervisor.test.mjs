import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { until } from '../wait.mjs';
import { healthy, stubPart, stubborn, supervise, temporaryHome } from './stub-parts.mjs';

let home = temporaryHome();
/** @type {import('./supervisor.mjs').Supervisor | undefined} */
let running;
beforeEach(() => (home = temporaryHome()));
afterEach(() => {
  running?.killAllNow();
  home.remove();
});

/** @param {Parameters<typeof supervise>[1]} definitions @param {Parameters<typeof supervise>[2]} [externals] */
async function start(definitions, externals) {
  const { supervisor, said } = supervise(home.folder, definitions, externals);
  running = supervisor;
  await supervisor.startAll({ deadlineMs: 10_000 });
  return { supervisor, said };
}

/** @param {import('./supervisor.mjs').Supervisor} supervisor @param {string} name @param {number} [replica] */
async function statusOf(supervisor, name, replica = 1) {
  const found = (await supervisor.describe()).find((part) => part.name === name && part.replica === replica);
  assert.ok(found);
  return found;
}

test('starts a part, says where it is, and stops it', async () => {
  const definition = await stubPart(home.folder, 'orders', healthy);
  const { supervisor } = await start([definition]);
  const status = await statusOf(supervisor, 'orders');
  assert.deepEqual(Object.keys(status).join(), 'name,replica,pid,port,url,state,restarts,memoryBytes');
  assert.equal(status.state, 'ready');
  assert.equal(status.port, definition.port);
  assert.ok((status.memoryBytes ?? 0) > 1_000_000);
  await supervisor.stopAll();
  assert.deepEqual(
    { ...(await statusOf(supervisor, 'orders')), url: '', port: 0 },
    {
      ...{
        name: 'orders',
        replica: 1,
        pid: null,
        port: 0,
        url: '',
        state: 'stopped',
        restarts: 0,
        memoryBytes: null,
      },
    },
  );
  assert.match(readFileSync(definition.logFile, 'utf8'), /asked to end/);
});

test('brings back what was killed, on the port that it had', async () => {
  const { supervisor, said } = await start([await stubPart(home.folder, 'orders', healthy)]);
  const before = await statusOf(supervisor, 'orders');
  await supervisor.perform('kill', 'orders');
  assert.throws(() => process.kill(before.pid ?? 0, 0), { code: 'ESRCH' });
  assert.ok(
    await until(async () => (await statusOf(supervisor, 'orders')).state === 'ready', { deadlineMs: 5_000 }),
  );
  const after = await statusOf(supervisor, 'orders');
  assert.notEqual(after.pid, before.pid);
  assert.deepEqual([after.port, after.restarts], [before.port, 1]);
  assert.match(said.join('\n'), /orders ended \(SIGKILL\); starting it again in 100 ms/);
});

test('what was killed on purpose again and again comes back as fast each time', async () => {
  const { supervisor, said } = await start([await stubPart(home.folder, 'orders', healthy)]);
  for (let i = 0; i < 3; i++) {
    await supervisor.perform('kill', 'orders');
    await supervisor.perform('start', 'orders');
  }
  assert.equal(said.filter((line) => line.endsWith('in 100 ms')).length, 3);
});

test('what was stopped stays down until it is started', async () => {
  const { supervisor } = await start([await stubPart(home.folder, 'orders', healthy)]);
  await supervisor.perform('stop', 'orders');
  assert.equal((await statusOf(supervisor, 'orders')).pid, null);
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal((await statusOf(supervisor, 'orders')).state, 'stopped');
  await assert.rejects(supervisor.perform('kill', 'orders'), { message: 'orders is not running.' });
  await supervisor.perform('start', 'orders');
  assert.equal((await statusOf(supervisor, 'orders')).state, 'ready');
});

test('a start that meets a stop under way begins after it', async () => {
  const { supervisor } = await start([await stubPart(home.folder, 'orders', healthy)]);
  const before = await statusOf(supervisor, 'orders');
  await Promise.all([supervisor.perform('stop', 'orders'), supervisor.perform('start', 'orders')]);
  const after = await statusOf(supervisor, 'orders');
  assert.equal(after.state, 'ready');
  assert.notEqual(after.pid, before.pid);
});

test('a part that does not listen is killed once its deadline is over', async () => {
  const definition = await stubPart(home.folder, 'orders', stubborn);
  const { supervisor } = await start([definition]);
  const { Part } = await import('./part.mjs');
  const part = new Part(await stubPart(home.folder, 'tickets', stubborn), {
    record: () => {},
    say: () => {},
  });
  part.start();
  await part.whenReady({ deadlineMs: 5_000 });
  await part.stop({ deadlineMs: 200 });
  assert.equal((await part.describe()).pid, null);
  assert.match(readFileSync(part.definition.logFile, 'utf8'), /did not stop within 200 ms and was killed/);
  supervisor.killAllNow();
});

test('one replica can be stopped alone, and all of them by the part’s name', async () => {
  const replicas = [1, 2, 3].map((replica) => stubPart(home.folder, 'orders', healthy, { replica, of: 3 }));
  const { supervisor } = await start(await Promise.all(replicas));
  await supervisor.perform('stop', 'orders/2');
  assert.deepEqual(
    (await supervisor.describe()).map(({ state }) => state),
    ['ready', 'stopped', 'ready'],
  );
  await supervisor.perform('stop', 'orders');
  assert.deepEqual(
    (await supervisor.describe()).map(({ state }) => state),
    ['stopped', 'stopped', 'stopped'],
  );
});

test('tells a part that runs but is not ready from one that is', async () => {
  const sick = `require('node:http').createServer((req, res) => {
    res.statusCode = require('node:fs').existsSync(process.env.FOLDER + '/sick') ? 503 : 200; res.end();
  }).listen(process.env.PORT, '127.0.0.1');`;
  const { supervisor } = await start([await stubPart(home.folder, 'orders', sick)]);
  appendFileSync(join(home.folder, 'sick'), '');
  assert.equal((await statusOf(supervisor, 'orders')).state, 'unready');
  rmSync(join(home.folder, 'sick'));
  assert.equal((await statusOf(supervisor, 'orders')).state, 'ready');
});

test('a server given by URL is shown, and not touched', async () => {
  const externals = [{ name: 'nats', url: 'nats://broker:4222' }];
  const { supervisor } = await start([await stubPart(home.folder, 'orders', healthy)], externals);
  const status = await statusOf(supervisor, 'nats');
  assert.deepEqual([status.state, status.pid, status.url], ['external', null, 'nats://broker:4222']);
  await assert.rejects(supervisor.perform('stop', 'nats'), { message: /not this system's to stop/ });
});

test('an unknown name is refused with the names that there are', async () => {
  const replicas = [1, 2].map((replica) => stubPart(home.folder, 'orders', healthy, { replica, of: 2 }));
  const { supervisor } = await start([
    ...(await Promise.all(replicas)),
    await stubPart(home.folder, 'auth', healthy),
  ]);
  for (const name of ['order', 'orders/3', 'orders/', '', '../auth']) {
    await assert.rejects(supervisor.perform('stop', name), {
      exitCode: 2,
      message: /the parts are orders, orders\/1, orders\/2, auth\.$/,
    });
  }
});
