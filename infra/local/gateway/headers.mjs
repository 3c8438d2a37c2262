// Which headers pass through the gateway, in both directions, and which it adds.
import { randomUUID } from 'node:crypto';

/** They are about one connection and not about the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * What the upstream is sent: all of the client's end-to-end headers as they came, Host included, and who it was.
 * @param {import('node:http').IncomingMessage} req
 * @returns {string[]} names and values in turn, as in rawHeaders
 */
export function forwardHeaders(req) {
  const { headers } = req;
  const out = endToEnd(
    req.rawHeaders,
    headers.connection,
    (name) => name === 'x-forwarded-for' || name === 'expect',
  );
  const client = (req.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const before = headers['x-forwarded-for'];
  out.push('x-forwarded-for', before === undefined ? client : `${[before].flat().join(', ')}, ${client}`);
  // Whoever stands in front of this loopback door and ends TLS there knows better.
  if (headers['x-forwarded-proto'] === undefined) out.push('x-forwarded-proto', 'http');
  if (headers['x-forwarded-host'] === undefined && headers.host !== undefined) {
    out.push('x-forwarded-host', headers.host);
  }
  if (headers['x-request-id'] === undefined) out.push('x-request-id', randomUUID());
  // Said by name: for methods that seldom have a body Node would otherwise send it without any framing.
  if (headers['transfer-encoding'] !== undefined) out.push('transfer-encoding', 'chunked');
  return out;
}

/**
 * @param {import('node:http').IncomingMessage} answer
 * @returns {string[]}
 */
export function returnHeaders(answer) {
  return endToEnd(answer.rawHeaders, answer.headers.connection, () => false);
}

/**
 * @param {string[]} raw
 * @param {string | undefined} connection the Connection header, which may name more that ends here
 * @param {(name: string) => boolean} drops
 */
function endToEnd(raw, connection, drops) {
  const named = connection === undefined ? [] : connection.toLowerCase().split(/\s*,\s*/);
  const out = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const [name = '', value = ''] = [raw[i], raw[i + 1]];
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower) || named.includes(lower) || drops(lower)) continue;
    out.push(name, value);
  }
  return out;
}
