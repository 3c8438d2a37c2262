// The local gateway's process: the cluster's Ingress manifest, served on one machine.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { readRoutes } from './gateway/ingress.mjs';
import { createProxy } from './gateway/proxy.mjs';
import { errorCode } from './failure.mjs';

const DRAIN_MS = 2_000;

const proxy = createProxy({
  routes: readRoutes(readFileSync(required('GATEWAY_INGRESS'), 'utf8')),
  targets: JSON.parse(required('GATEWAY_TARGETS')),
});
const servers = [listen('127.0.0.1', true), listen('::1', false)];

for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT'])) process.once(signal, () => void stop());

/**
 * Both addresses that localhost may stand for.
 * @param {string} host
 * @param {boolean} isRequired IPv6 is not on every machine
 */
function listen(host, isRequired) {
  // Longer than a client's own idle time, so that it is the client who closes; Node bounds slow senders by the others.
  const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 60_000 }, proxy.handle);
  server.on('error', (error) => {
    const isMissing = errorCode(error) === 'EADDRNOTAVAIL' || errorCode(error) === 'EAFNOSUPPORT';
    if (isRequired || !isMissing) throw error;
  });
  server.on('clientError', (_error, socket) => {
    if (!socket.writable) return;
    const body = JSON.stringify({
      errors: [{ message: 'This is not a valid HTTP request.', code: 'gateway.bad_request' }],
    });
    const head =
      'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8';
    socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });
  return server.listen({ port: Number(required('PORT')), host });
}

/** Lets what is under way end, but streams of events, which never would, only for a moment. */
async function stop() {
  setTimeout(() => servers.forEach((server) => server.closeAllConnections()), DRAIN_MS).unref();
  const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
  servers.forEach((server) => server.closeIdleConnections());
  await Promise.all(closed);
  proxy.close();
}

/** @param {string} name */
function required(name) {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`${name} is missing: the supervisor starts the gateway`);
  return value;
}
