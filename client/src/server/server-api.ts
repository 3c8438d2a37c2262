// The API as the server that renders pages reaches it: through the same front door as everybody, in the visitor's name.
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { readAnswer, type Api } from '../api/api';
import { apiBase } from './api-base';

const deadlineMs = 30_000;
const options = { keepAlive: true, maxFreeSockets: 256, scheduling: 'lifo' } as const;
const agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) };
/** Who the visitor is and how they came. The host is theirs, too: an Ingress routes by it. */
const passedOn = [
  'host',
  'cookie',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-request-id',
  'traceparent',
] as const;

interface Reply {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** A cookie that an answer sets is set in the page's answer as well. */
export function serverApi(request: IncomingMessage, response: ServerResponse): Api {
  const headers = Object.fromEntries(passedOn.map((name) => [name, request.headers[name]]));
  return async (method, path, body) => {
    const sentAt = Date.now();
    try {
      const reply = await send(method, path, definedOnly(headers), body && JSON.stringify(body));
      for (const cookie of reply.headers['set-cookie'] ?? []) response.appendHeader('set-cookie', cookie);
      const header = (name: string): string | undefined => [reply.headers[name]].flat()[0];
      return readAnswer(reply.status, header, reply.text, sentAt);
    } catch (error) {
      console.error(`${method} ${path} had no answer:`, error);
      return readAnswer(0, () => undefined, undefined, sentAt);
    }
  };
}

function send(
  method: string,
  path: string,
  headers: http.OutgoingHttpHeaders,
  body: string | undefined,
): Promise<Reply> {
  const url = new URL(path, apiBase(path, process.env['API_BASE']));
  const isSecure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const sent = (isSecure ? https : http).request(url, {
      method,
      agent: isSecure ? agents['https:'] : agents['http:'],
      signal: AbortSignal.timeout(deadlineMs),
      headers: {
        ...headers,
        ...(body !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        }),
      },
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // The other end closed a connection that had been idle just as we took it.
      const isStale = sent.reusedSocket && error.code === 'ECONNRESET' && method === 'GET';
      if (isStale) resolve(send(method, path, headers, body));
      else reject(error);
    });
    sent.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
    });
    sent.end(body);
  });
}

const definedOnly = (headers: http.OutgoingHttpHeaders): http.OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
