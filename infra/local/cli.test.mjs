import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openControl } from './supervisor/control-server.mjs';
import { takeLock } from './supervisor/lock.mjs';
import { healthy, stubPart, supervise, temporaryHome } from './supervisor/stub-parts.mjs';

const home = temporaryHome();
const run = join(home.folder, 'run');
const logs = join(home.folder, 'logs');
/** @type {(() => void)[]} */
const cleanups = [home.remove];
before(async () => {
  mkdirSync(run);
  mkdirSync(logs);
  const replicas = [1, 2].map((replica) => stubPart(logs, 'orders', healthy, { replica, of: 2 }));
  const definitions = [...(await Promise.all(replicas)), await stubPart(logs, 'auth', healthy)];
  const { supervisor } = supervise(run, definitions);
  cleanups.unshift(() => supervisor.killAllNow());
  cleanups.unshift(takeLock(run));
  await supervisor.startAll();
  cleanups.unshift(await openControl(supervisor, { runFolder: run, url: 'http://localhost:3000' }));
});
after(() => cleanups.forEach((cleanup) => cleanup()));

/**
 * @param {string[]} args
 * @param {string} [folder]
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
function local(args, folder = home.folder) {
  const cli = fileURLToPath(new URL('./cli.mjs', import.meta.url));
  return new Promise((resolve) => {
    const env = { ...process.env, TICKETING_HOME: folder };
    execFile(process.execPath, [cli, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

const status = async () => JSON.parse((await local(['status', '--json'])).stdout);

test('status --json has the shape that tests and people rely on', async () => {
  const { url, parts } = await status();
  assert.equal(url, 'http://localhost:3000');
  assert.equal(parts.length, 3);
  for (const part of parts) {
    assert.equal(Object.keys(part).join(), 'name,replica,pid,port,url,state,restarts,memoryBytes');
    assert.equal(part.url, `http://127.0.0.1:${part.port}`);
    assert.equal(part.state, 'ready');
  }
});

test('status for people names every part', async () => {
  const { stdout } = await local(['status']);
  assert.match(stdout, /^orders\/2 +ready +\d+ +0 +\d+ MiB +http:/m);
  assert.match(stdout, /^auth +ready/m);
});

test('stop is down when it returns, start is ready, kill has killed', async () => {
  assert.equal((await local(['stop', 'orders/2'])).code, 0);
  assert.deepEqual(
    (await status()).parts.map((/** @type {any} */ part) => part.state),
    ['ready', 'stopped', 'ready'],
  );
  assert.equal((await local(['start', 'orders/2'])).code, 0);
  const [, { state, pid }] = (await status()).parts;
  assert.equal(state, 'ready');
  assert.equal((await local(['kill', 'orders/2'])).code, 0);
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('an unknown part is refused with exit code 2 and the names there are', async () => {
  const { code, stderr } = await local(['stop', 'order']);
  assert.equal(code, 2);
  assert.match(stderr, /^There is no part "order": the parts are orders, orders\/1, orders\/2, auth\.\n$/);
});

test('an unknown command is refused with exit code 2 and the commands there are', async () => {
  for (const args of [
    ['restart', 'orders'],
    [],
    ['stop'],
    ['status', 'x'],
    ['status', '--yaml'],
    ['stop', 'a', 'b'],
  ]) {
    const { code, stderr } = await local(args);
    assert.equal(code, 2);
    assert.match(stderr, /npm run local -- status/);
  }
});

test('logs shows the end of a part’s log, and is read from the file', async () => {
  writeFileSync(join(logs, 'auth.log'), Array.from({ length: 100 }, (_, i) => `line ${i}\n`).join(''));
  const { stdout } = await local(['logs', 'auth']);
  assert.equal(stdout.split('\n')[0], 'line 60');
  assert.match(stdout, /line 99\n$/);
  assert.equal((await local(['logs', 'nobody'])).code, 2);
});

test('nothing running is one sentence and exit code 1', async () => {
  const empty = temporaryHome();
  cleanups.push(empty.remove);
  const never = await local(['status'], empty.folder);
  assert.deepEqual([never.code, never.stderr], [1, 'Nothing is running here: start it with npm start.\n']);
  mkdirSync(join(empty.folder, 'run'));
  writeFileSync(join(empty.folder, 'run/supervisor.lock'), '{"pid":1,"startedAt":"x/1"}');
  writeFileSync(join(empty.folder, 'run/control.json'), '{"port":1,"token":"t"}');
  assert.equal((await local(['stop', 'orders'], empty.folder)).code, 1, 'nor after a supervisor was killed');
});

test('only who can read the home folder gets in', async () => {
  assert.equal(statSync(join(run, 'control.json')).mode & 0o777, 0o600);
  const { port } = JSON.parse(
    await import('node:fs').then((fs) => fs.readFileSync(join(run, 'control.json'), 'utf8')),
  );
  const answer = await fetch(`http://127.0.0.1:${port}/stop/orders`, {
    method: 'POST',
    headers: { authorization: 'Bearer wrong' },
  });
  assert.equal(answer.status, 401);
});
