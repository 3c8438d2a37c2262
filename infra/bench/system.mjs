// The system under measurement: booted like `npm start`, with a home of its own, and driven over HTTP and its databases.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const { MongoClient } = createRequire(import.meta.url)('mongodb');
const bootDeadlineMs = 300_000;

/** @param {string} name */
const local = (name) => fileURLToPath(new URL(`../local/${name}`, import.meta.url));

/**
 * @typedef {{ name: string, pid: number, url: string, memoryBytes: number }} Part
 * @typedef {{
 *   parts: () => Promise<Part[]>, url: (name: string) => string, gateway: string,
 *   db: (name: string) => import('mongodb').Db, startedInSeconds: number, stop: () => Promise<void>,
 * }} System
 */

/** @param {Record<string, string>} env @returns {Promise<System>} */
export async function boot(env) {
  const home = await mkdtemp(join(tmpdir(), 'ticketing-bench-'));
  const settings = {
    ...process.env,
    PORT: '0',
    SEED: 'off',
    RATE_LIMITS: 'off',
    // One person of the benchmark orders everything.
    MAX_OPEN_HOLDS: '1000000',
    LOG_LEVEL: 'warn',
    TICKETING_HOME: home,
    ...env,
  };
  const began = performance.now();
  const child = spawn(process.execPath, [local('start.mjs')], {
    env: settings,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gateway = await ready(child);
  const startedInSeconds = (performance.now() - began) / 1000;

  const parts = async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [local('cli.mjs'), 'status', '--json'], {
      env: settings,
    });
    return JSON.parse(stdout).parts.filter((/** @type {{ pid: number | null }} */ { pid }) => pid !== null);
  };
  const addresses = new Map((await parts()).map((/** @type {Part} */ { name, url }) => [name, url]));
  /** @param {string} name */
  const url = (name) => {
    const address = addresses.get(name);
    if (address === undefined) throw new Error(`There is no part ${name}.`);
    return address;
  };
  const mongo = await new MongoClient(url('mongo')).connect();
  const stop = async () => {
    await mongo.close();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    await rm(home, { recursive: true, force: true });
  };
  return { parts, url, gateway, db: (name) => mongo.db(name), startedInSeconds, stop };
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<string>} */
function ready(child) {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      child.kill('SIGTERM');
      reject(new Error('The system did not start in time.'));
    }, bootDeadlineMs);
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += String(chunk);
      const url = /^ready (\S+)$/m.exec(output)?.[1];
      if (!url) return;
      clearTimeout(deadline);
      resolve(url);
    });
    child.once('exit', (code) => {
      clearTimeout(deadline);
      reject(new Error(`The system ended with ${code} before it was ready:\n${output}`));
    });
  });
}

/**
 * @param {string} method
 * @param {string} url
 * @param {{ body?: object, cookie?: string }} [what]
 */
export async function call(method, url, { body, cookie } = {}) {
  const response = await fetch(url, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...(cookie && { cookie }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  return {
    status: response.status,
    cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '',
    body: text === '' ? undefined : JSON.parse(text),
  };
}
