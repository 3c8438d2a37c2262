import assert from 'node:assert/strict';
import { closeSync, readFileSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { openLog, removeOtherLogs, tail } from './log-file.mjs';
import { temporaryHome } from './stub-parts.mjs';

let home = temporaryHome();
beforeEach(() => (home = temporaryHome()));
afterEach(() => home.remove());

test('goes on where the last run stopped, until the log has grown large', () => {
  const path = join(home.folder, 'orders.log');
  writeFileSync(path, 'before\n');
  const log = openLog(path);
  writeSync(log, 'after\n');
  closeSync(log);
  assert.equal(readFileSync(path, 'utf8'), 'before\nafter\n');
  writeFileSync(path, 'x'.repeat(5 * 1024 * 1024 + 1));
  closeSync(openLog(path));
  assert.equal(readFileSync(path, 'utf8'), '');
  assert.equal(readFileSync(`${path}.1`).length, 5 * 1024 * 1024 + 1);
});

test('removes the logs of replicas that are no more, and nothing else', () => {
  for (const file of [
    'orders.log',
    'orders-1.log',
    'orders-2.log.1',
    'auth.log.1',
    'auth.log',
    'notes.txt',
  ]) {
    writeFileSync(join(home.folder, file), '');
  }
  removeOtherLogs(home.folder, [join(home.folder, 'orders.log'), join(home.folder, 'auth.log')]);
  assert.deepEqual(readdirSync(home.folder).sort(), ['auth.log', 'auth.log.1', 'notes.txt', 'orders.log']);
});

test('reads the last lines, and nothing where there is no log', async () => {
  const path = join(home.folder, 'orders.log');
  writeFileSync(path, 'one\ntwo\nthree\n');
  assert.deepEqual(await tail(path, 2), { text: 'two\nthree', end: 14 });
  assert.deepEqual(await tail(join(home.folder, 'none.log'), 2), { text: '', end: 0 });
});
