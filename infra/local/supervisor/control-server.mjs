// The running system's door for `npm run local`: loopback only, and only for who can read the home folder.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { PlainFailure, errorMessage } from '../failure.mjs';

/** @typedef {{ port: number, token: string }} ControlAddress */

/** @param {string} runFolder */
export const controlFileOf = (runFolder) => join(runFolder, 'control.json');

/**
 * @param {import('./supervisor.mjs').Supervisor} supervisor
 * @param {{ runFolder: string, url: string }} options
 * @returns {Promise<() => void>} closes it
 */
export async function openControl(supervisor, { runFolder, url }) {
  const token = randomBytes(32).toString('hex');
  const server = createServer((req, res) => {
    /** @param {number} status @param {unknown} body */
    const answer = (status, body) => {
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (!isAuthorized(req.headers.authorization, token)) {
      answer(401, { message: 'wrong token' });
      return;
    }
    handle(supervisor, url, req.method ?? '', req.url ?? '').then(
      (body) => answer(200, body),
      (error) => {
        const exitCode = error instanceof PlainFailure ? error.exitCode : 1;
        const detail = error instanceof PlainFailure ? error.detail : '';
        answer(exitCode === 2 ? 404 : 409, { message: errorMessage(error), detail, exitCode });
      },
    );
  });
  server.requestTimeout = 5_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const file = controlFileOf(runFolder);
  // Written aside and renamed, so that nobody reads half of it.
  writeFileSync(`${file}.new`, JSON.stringify({ port, token }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return () => {
    rmSync(file, { force: true });
    server.close();
    server.closeAllConnections();
  };
}

/**
 * @param {import('./supervisor.mjs').Supervisor} supervisor
 * @param {string} url
 * @param {string} method
 * @param {string} path
 */
async function handle(supervisor, url, method, path) {
  if (method === 'GET' && path === '/status') return { url, parts: await supervisor.describe() };
  const [, action = '', name = ''] = /^\/(stop|start|kill)\/(.+)$/.exec(path) ?? [];
  if (method === 'POST' && (action === 'stop' || action === 'start' || action === 'kill')) {
    await supervisor.perform(action, decodeURIComponent(name));
    return {};
  }
  throw new PlainFailure(`${method} ${path} is nothing this door knows.`);
}

/**
 * @param {string | undefined} header
 * @param {string} token
 */
function isAuthorized(header, token) {
  const given = Buffer.from(header ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
