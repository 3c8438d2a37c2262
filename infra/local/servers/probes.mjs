// Asks a process whether it is ready; false for every way of not answering, within a second.
import { request } from 'node:http';
import { connect } from 'node:net';
import { ensurePrimary } from './replica-set.mjs';

const DEADLINE_MS = 1_000;

/**
 * @param {string} url
 * @returns {Promise<boolean>} whether it answers 200
 */
export async function isHttpReady(url) {
  return (await get(url))?.status === 200;
}

/**
 * NATS accepts connections some time before its streaming part is ready and drops what is published meanwhile, so
 * the streaming part is asked, on the monitoring port.
 * @param {number} monitorPort
 */
export async function isNatsReady(monitorPort) {
  const answer = await get(`http://127.0.0.1:${monitorPort}/streaming/serverz`);
  return answer?.status === 200 && /"state":\s*"(STANDALONE|FT_ACTIVE|CLUSTERED)"/.test(answer.body);
}

/** @param {number} port */
export async function isRedisReady(port) {
  return (await converse('127.0.0.1', port, 'PING\r\n')).startsWith('+PONG');
}

/**
 * @param {string} host
 * @param {number} port
 */
export async function isTcpReady(host, port) {
  return (await converse(host, port, undefined)) === 'connected';
}

/** Also initiates the replica set. @param {number} port */
export async function isMongoReady(port) {
  // The driver waits for its whole timeout where nothing listens yet: look first.
  if (!(await isTcpReady('127.0.0.1', port))) return false;
  try {
    return await ensurePrimary(port);
  } catch {
    // Every error of the driver means "not now": still starting, going down, an election under way.
    return false;
  }
}

/**
 * @param {string} url
 * @returns {Promise<{ status: number, body: string } | undefined>}
 */
function get(url) {
  return new Promise((resolve) => {
    const req = request(url, { agent: false, signal: AbortSignal.timeout(DEADLINE_MS) }, (res) => {
      let body = '';
      res.setEncoding('utf8');
      res.on('data', (text) => (body += text));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, body }));
      res.on('error', () => resolve(undefined));
    });
    req.on('error', () => resolve(undefined));
    req.end();
  });
}

/**
 * @param {string} host
 * @param {number} port
 * @param {string | undefined} words what to say; nothing when being connected is enough
 * @returns {Promise<string>} the first bytes of the answer, `connected`, or an empty string
 */
function converse(host, port, words) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: DEADLINE_MS });
    /** @param {string} answer */
    const settle = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => (words === undefined ? settle('connected') : socket.write(words)));
    socket.on('data', (data) => settle(data.toString('utf8')));
    socket.on('timeout', () => settle(''));
    socket.on('error', () => settle(''));
    socket.on('end', () => settle(''));
  });
}
