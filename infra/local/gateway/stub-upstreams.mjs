// For tests: a gateway before tiny real servers, all of them closed after each test.
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { freePorts } from '../parts/ports.mjs';
import { createProxy } from './proxy.mjs';

const routes = [
  { path: '/api', exact: false, service: 'api-srv' },
  { path: '/none', exact: false, service: 'absent-srv' },
];
/** @type {(() => void)[]} */
const cleanups = [];
export const closeAll = () => cleanups.splice(0).forEach((cleanup) => cleanup());

/** @param {import('node:http').RequestListener} listener @param {number} [port] */
export async function serve(listener, port = 0) {
  const server = createServer(listener).listen(port, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { server, target: `127.0.0.1:${address.port}`, port: address.port };
}

/** @param {string[]} replicas @param {{ limitMs?: number }} [options] */
export async function gateway(replicas, options = {}) {
  const proxy = createProxy({ routes, targets: { 'api-srv': replicas }, ...options });
  cleanups.push(proxy.close);
  return serve(proxy.handle);
}

/**
 * @param {number} port
 * @param {import('node:http').RequestOptions & { body?: string }} [options]
 * @returns {Promise<{ status: number, headers: import('node:http').IncomingHttpHeaders, body: string }>}
 */
export function call(port, { body, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port, path: '/api/x', agent: false, ...options }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      res.on('error', reject);
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text }));
    });
    req.on('error', reject);
    req.end(body);
  });
}

/** @type {import('node:http').RequestListener} */
export const echo = (req, res) => {
  let body = '';
  req.on('data', (chunk) => (body += chunk));
  req.on('end', () =>
    res.end(JSON.stringify({ method: req.method, url: req.url, headers: req.headers, body })),
  );
};

export const deadTarget = async () => `127.0.0.1:${(await freePorts(1))[0]}`;
export const codeOf = (/** @type {string} */ body) => JSON.parse(body).errors[0].code;
