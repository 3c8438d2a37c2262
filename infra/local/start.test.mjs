import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryHome } from './supervisor/stub-parts.mjs';

const home = temporaryHome();
after(home.remove);

/**
 * Only starts that are refused: a whole system is the story of infra/e2e.
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
function start(args, env = {}) {
  const script = fileURLToPath(new URL('./start.mjs', import.meta.url));
  const full = {
    PATH: process.env['PATH'] ?? '',
    TICKETING_HOME: join(home.folder, 'home'),
    SKIP_BUILD: '1',
    ...env,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env: full, timeout: 30_000 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

/** @param {string} text */
const isOneSentence = (text) => assert.match(text, /^[A-Z"-][^\n]+\.\n$/);

test('--help says what there is, and starts nothing', async () => {
  const { code, stdout } = await start(['--help']);
  assert.equal(code, 0);
  for (const name of [
    '--fresh',
    '--replicas',
    'PORT',
    'STRIPE_KEY',
    'TICKETING_HOME',
    'SKIP_BUILD',
    'SEED',
  ]) {
    assert.ok(stdout.includes(name), name);
  }
});

test('an unknown argument is one sentence and exit code 2', async () => {
  const { code, stderr } = await start(['--replica', '3']);
  assert.equal(code, 2);
  isOneSentence(stderr);
});

test('a malformed variable is one sentence that names it, and exit code 2', async () => {
  const { code, stderr } = await start([], { PORT: 'three' });
  assert.equal(code, 2);
  assert.match(stderr, /^PORT is "three"/);
  isOneSentence(stderr);
});

test('a port that is taken is one sentence that names it and what to do, and exit code 1', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const { code, stderr } = await start([], { PORT: String(port) });
  server.close();
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^Port ${port} is taken.*PORT=${port + 1} npm start`));
  isOneSentence(stderr);
});

const onlyNode = join(home.folder, 'bin');
mkdirSync(onlyNode);
symlinkSync(process.execPath, join(onlyNode, 'node'));
const bare = { PATH: onlyNode, HOME: home.folder, XDG_CACHE_HOME: join(home.folder, 'cache'), PORT: '0' };

test('a machine without Go is one sentence that says what to do', async () => {
  const { code, stderr } = await start([], {
    ...bare,
    MONGO_URL: await listening(),
    REDIS_URL: await listening('redis'),
  });
  assert.equal(code, 1);
  assert.match(stderr, /^There is no Go, .*install Go.*NATS_URL/);
  isOneSentence(stderr);
});

test(
  'a machine without Python is one sentence that says what to do',
  { skip: process.platform !== 'linux' },
  async () => {
    const { code, stderr } = await start([], {
      ...bare,
      NATS_URL: await listening('nats'),
      REDIS_URL: await listening('redis'),
    });
    assert.equal(code, 1);
    assert.match(stderr, /^MongoDB could not be got: There is no python3.*MONGO_URL/);
    isOneSentence(stderr);
  },
);

/** Something that answers, for a server given by URL. @param {string} [scheme] */
async function listening(scheme = 'mongodb') {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return `${scheme}://127.0.0.1:${port}`;
}
