import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { healthy, stubPart, supervise, temporaryHome } from './stub-parts.mjs';

let home = temporaryHome();
/** @type {import('./supervisor.mjs').Supervisor | undefined} */
let running;
beforeEach(() => (home = temporaryHome()));
afterEach(() => {
  running?.killAllNow();
  home.remove();
});

test('a part starts after what it needs is ready, and stops before it', async () => {
  const slow = `setTimeout(() => { ${healthy} }, 300);`;
  const noted = `require('node:fs').appendFileSync(process.env.FOLDER + '/order', 'orders '); ${healthy}
    process.prependListener('SIGTERM', () => require('node:fs').appendFileSync(process.env.FOLDER + '/order', 'orders-end '));`;
  const mongo = await stubPart(home.folder, 'mongo', slow, { stopsIn: 2 });
  const isReady = mongo.isReady;
  mongo.isReady = async () => {
    const ready = await isReady();
    if (ready && !existsSync(join(home.folder, 'order')))
      appendFileSync(join(home.folder, 'order'), 'mongo-ready ');
    return ready;
  };
  const orders = await stubPart(home.folder, 'orders', noted, { needs: ['mongo'], stopsIn: 1 });
  const { supervisor } = supervise(home.folder, [orders, mongo]);
  running = supervisor;
  await supervisor.startAll({ deadlineMs: 10_000 });
  await supervisor.stopAll();
  assert.equal(readFileSync(join(home.folder, 'order'), 'utf8'), 'mongo-ready orders orders-end ');
});

test('a part that ends again and again before it is ready fails the start, with the end of its log', async () => {
  const definition = await stubPart(
    home.folder,
    'orders',
    "console.error('JWT_KEY is missing'); process.exit(1)",
  );
  const { supervisor } = supervise(home.folder, [definition]);
  running = supervisor;
  await assert.rejects(supervisor.startAll({ deadlineMs: 20_000 }), {
    name: 'PlainFailure',
    message: /^orders ended 5 times in a row/,
    detail: /JWT_KEY is missing/,
  });
});

test('a part that never becomes ready fails the start once its deadline is over', async () => {
  const definition = await stubPart(home.folder, 'orders', 'setInterval(() => {}, 1000)');
  const { supervisor } = supervise(home.folder, [definition]);
  running = supervisor;
  await assert.rejects(supervisor.startAll({ deadlineMs: 300 }), {
    message: /^orders was not ready within 0.3 s/,
  });
});

test('a program that does not exist fails the start with its name', async () => {
  const definition = await stubPart(home.folder, 'mongo', '');
  definition.command.program = join(home.folder, 'no-such-program');
  const { supervisor } = supervise(home.folder, [definition]);
  running = supervisor;
  await assert.rejects(supervisor.startAll({ deadlineMs: 20_000 }), { detail: /no-such-program ENOENT/ });
});
