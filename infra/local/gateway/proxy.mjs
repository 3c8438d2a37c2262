// Passes a request to one of a service's replicas and the answer back, as streams, with the next replica where one is down.
import { Agent, request } from 'node:http';
import { forwardHeaders, returnHeaders } from './headers.mjs';
import { matchRoute } from './ingress.mjs';
import { refuse } from './refusals.mjs';

/**
 * @typedef {object} ProxyOptions
 * @property {readonly import('./ingress.mjs').Route[]} routes
 * @property {Readonly<Record<string, readonly string[]>>} targets `host:port` of every replica, by the service's name
 * @property {number} [limitMs] for an ordinary request, and for the silence of a stream of events
 */

/** @typedef {import('node:http').IncomingMessage} Incoming */
/** @typedef {import('node:http').ServerResponse} Answer */
/** @typedef {{ req: Incoming, res: Answer, replicas: readonly string[], first: number, limitMs: number }} Exchange */

/** Shorter than the 5 s after which a Node server closes an idle connection, so that none is used while it closes. */
const IDLE_SOCKET_MS = 4_000;

/**
 * @param {ProxyOptions} options
 * @returns {{ handle: (req: Incoming, res: Answer) => void, close: () => void }}
 */
export function createProxy({ routes, targets, limitMs = 60_000 }) {
  const agent = new Agent({
    keepAlive: true,
    maxFreeSockets: 256,
    timeout: IDLE_SOCKET_MS,
    scheduling: 'lifo',
  });
  let turn = 0;
  return {
    handle(req, res) {
      const service = matchRoute(routes, req.url ?? '');
      const replicas = service === undefined ? undefined : targets[service];
      if (replicas === undefined || replicas.length === 0) {
        refuse(req, res, 'not_found');
        return;
      }
      turn = (turn + 1) % 0x3fffffff;
      exchange({ req, res, replicas, first: turn, limitMs }, agent);
    },
    close: () => agent.destroy(),
  };
}

/**
 * @param {Exchange} exchanged
 * @param {Agent} agent
 */
function exchange({ req, res, replicas, first, limitMs }, agent) {
  const headers = forwardHeaders(req);
  // Only without a body may a request be sent twice: nothing of it is used up, and GET and HEAD change nothing.
  const hasBody =
    req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  const isRepeatable = !hasBody && (req.method === 'GET' || req.method === 'HEAD');
  const attempts = replicas.length + 1; // once more, for a connection that turned out to be closed
  /** @type {import('node:http').ClientRequest | undefined} */
  let upstream;
  let settled = false;

  const limit = setTimeout(() => {
    fail('timeout');
    upstream?.destroy();
  }, limitMs);
  res.on('close', () => {
    settled = true;
    clearTimeout(limit);
    if (!res.writableFinished) upstream?.destroy(); // the client went away
  });

  /** @param {import('./refusals.mjs').Refusal} refusal */
  const fail = (refusal) => {
    if (settled) return;
    settled = true;
    if (res.headersSent) res.destroy();
    else refuse(req, res, refusal);
  };

  /** @param {number} attempt */
  const send = (attempt) => {
    const target = replicas[(first + attempt) % replicas.length] ?? '';
    const colon = target.lastIndexOf(':');
    const isLast = attempt + 1 >= attempts;
    let isConnected = false;
    const sent = request({
      agent,
      host: target.slice(0, colon),
      port: Number(target.slice(colon + 1)),
      method: req.method,
      path: req.url,
      headers,
      setHost: false,
    });
    upstream = sent;
    // The body waits for the connection: until then nothing of it is used up, and another replica can be tried.
    sent.once('socket', (socket) => {
      const begin = () => {
        isConnected = true;
        if (isRepeatable) sent.end();
        else req.pipe(sent);
      };
      if (socket.connecting) socket.once('connect', begin);
      else begin();
    });
    sent.once('response', (answer) => {
      if (settled) answer.destroy();
      else pass(answer);
    });
    sent.on('error', () => {
      if (settled || res.headersSent || upstream !== sent) return;
      const mayRepeat = isConnected ? isRepeatable : attempt + 1 < replicas.length;
      if (mayRepeat && !isLast) send(attempt + 1);
      else fail(isConnected ? 'bad_gateway' : 'unavailable');
    });
  };

  /** @param {Incoming} answer */
  const pass = (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.statusMessage, returnHeaders(answer));
    if (answer.headers['content-type']?.startsWith('text/event-stream')) {
      res.flushHeaders();
      // No end to it, so its limit counts from the last bytes.
      answer.on('data', () => limit.refresh());
    }
    answer.on('error', () => res.destroy()); // cut off: the client must not take it for the whole
    answer.pipe(res);
  };

  send(0);
}
