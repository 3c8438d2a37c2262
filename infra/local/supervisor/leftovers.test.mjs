import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { endLeftovers, recordProcess } from './leftovers.mjs';
import { takeLock } from './lock.mjs';
import { isSameProcess, startOf } from './process-identity.mjs';
import { temporaryHome } from './stub-parts.mjs';

let home = temporaryHome();
/** @type {import('node:child_process').ChildProcess[]} */
let children = [];
beforeEach(() => (home = temporaryHome()));
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  home.remove();
});

/** @param {string} script */
async function run(script) {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('up')`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  children.push(child);
  await once(child.stdout, 'data');
  return { child, pid: child.pid ?? 0 };
}

test('ends what an earlier run recorded, also what does not listen', async () => {
  const polite = await run('setInterval(() => {}, 1000)');
  const deaf = await run("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)");
  recordProcess(home.folder, 'orders', polite.pid);
  recordProcess(home.folder, 'mongo', deaf.pid);
  assert.deepEqual(await endLeftovers(home.folder, { graceMs: 200 }), ['orders', 'mongo']);
  assert.equal(startOf(polite.pid), undefined);
  assert.equal(startOf(deaf.pid), undefined);
  assert.deepEqual(await endLeftovers(home.folder), [], 'and forgets them');
});

test('never touches a process that only has the same number', async () => {
  const foreign = await run('setInterval(() => {}, 1000)');
  const line = JSON.stringify({ name: 'orders', pid: foreign.pid, startedAt: `${startOf(foreign.pid)}0` });
  writeFileSync(join(home.folder, 'processes.jsonl'), `${line}\n{"name":"half writ`);
  assert.deepEqual(await endLeftovers(home.folder), []);
  assert.notEqual(startOf(foreign.pid), undefined);
});

test('a supervisor that was killed leaves its parts to the next start', async () => {
  const here = fileURLToPath(new URL('./stub-parts.mjs', import.meta.url));
  const script = `import { healthy, stubPart, supervise } from ${JSON.stringify(here)};
    const definition = await stubPart(process.env.FOLDER, 'orders', healthy);
    const { supervisor } = supervise(process.env.FOLDER, [definition]);
    await supervisor.startAll();
    console.log((await supervisor.describe())[0].pid);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, FOLDER: home.folder },
  });
  children.push(child);
  const pid = Number(String((await once(child.stdout, 'data'))[0]));
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.notEqual(startOf(pid), undefined, 'it outlived its supervisor');
  assert.deepEqual(await endLeftovers(home.folder), ['orders']);
  assert.equal(startOf(pid), undefined);
});

test('a second supervisor is refused while the first one runs, and not after it', () => {
  const release = takeLock(home.folder);
  assert.throws(() => takeLock(home.folder), {
    name: 'PlainFailure',
    exitCode: 1,
    message: new RegExp(`already running here \\(process ${process.pid}\\)`),
  });
  release();
  takeLock(home.folder)();
  assert.equal(existsSync(join(home.folder, 'supervisor.lock')), false);
});

for (const [what, content] of [
  ['of a process that has ended', '{"pid":999999999,"startedAt":"x/1"}'],
  ['of a process whose number another one has now', JSON.stringify({ pid: process.ppid, startedAt: 'x/1' })],
  ['half written', '{"pid":12'],
  ['empty', ''],
]) {
  test(`a lock ${what} is void`, () => {
    appendFileSync(join(home.folder, 'supervisor.lock'), content ?? '');
    takeLock(home.folder);
    assert.match(
      readFileSync(join(home.folder, 'supervisor.lock'), 'utf8'),
      new RegExp(`"pid":${process.pid},`),
    );
  });
}

test('a process is itself and no other', () => {
  const startedAt = startOf(process.pid) ?? '';
  assert.equal(isSameProcess({ pid: process.pid, startedAt }), true);
  assert.equal(isSameProcess({ pid: process.ppid, startedAt }), false);
  assert.equal(isSameProcess({ pid: process.pid, startedAt: '' }), false);
});
