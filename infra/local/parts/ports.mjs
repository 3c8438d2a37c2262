// Free loopback ports for the parts, chosen once so that a restarted part finds its own again.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { PlainFailure, errorCode } from '../failure.mjs';

const FIRST = 15_000;
const ATTEMPTS = 200;

/**
 * Ports below the range from which the system numbers outgoing connections: while a part is down for a while, none of
 * those can take its port.
 * @param {number} count
 * @param {{ preferred?: readonly number[] }} [options] taken first where they are free, in this order
 * @returns {Promise<number[]>}
 */
export async function freePorts(count, { preferred = [] } = {}) {
  const span = ephemeralStart() - FIRST;
  /** @type {number[]} */
  const ports = [];
  for (let attempt = 0; ports.length < count && attempt < ATTEMPTS + preferred.length; attempt++) {
    const port = preferred[attempt] ?? FIRST + Math.floor(Math.random() * span);
    if (!ports.includes(port) && (await isFree(port, '127.0.0.1'))) ports.push(port);
  }
  if (ports.length < count) throw new PlainFailure(`There are not ${count} free ports on this machine.`);
  return ports;
}

/**
 * The gateway's port, for both of localhost's addresses; refused with a sentence where another program has it.
 * @param {number} wanted 0 for any
 * @returns {Promise<number>}
 */
export async function gatewayPort(wanted) {
  const port = wanted === 0 ? ((await freePorts(1))[0] ?? 0) : wanted;
  if ((await isFree(port, '127.0.0.1')) && (await isFree(port, '::1'))) return port;
  throw new PlainFailure(
    `Port ${port} is taken by another program: end it, or choose another port, as in PORT=${port === 65_535 ? 3001 : port + 1} npm start.`,
  );
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>} true as well where this machine lacks such an address
 */
function isFree(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      const code = errorCode(error);
      if (code === 'EADDRINUSE') resolve(false);
      else if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') resolve(true);
      else if (code === 'EACCES') {
        reject(
          new PlainFailure(
            `Port ${port} is not for every user: choose one above 1023, as in PORT=3000 npm start.`,
          ),
        );
      } else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function ephemeralStart() {
  try {
    const first = Number(
      readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/)[0],
    );
    return first >= FIRST + 2_000 ? first : 32_768;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 32_768; // not Linux; the others number from 49152
    throw error;
  }
}
