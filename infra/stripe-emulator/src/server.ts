// The HTTP side: reads a request whole, has it answered, and writes the answer (or cuts the line, when rehearsing).
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Api } from './api';
import type { Controls } from './controls';
import type { FaultPlan } from './faults';
import { currentApiVersion } from './work';

const largestBody = 256 * 1024;

class BodyTooLarge extends Error {}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > largestBody) throw new BodyTooLarge(`A body may have up to ${largestBody} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : value?.[0];
};

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Parts {
  api: Api;
  controls: Controls;
  faults: FaultPlan;
}

export function newServer(parts: Parts): Server {
  const server = createServer((request, response) => {
    const send = ({ status, headers, body }: Answer): void => {
      // When it is stopping, no connection is kept for a next request.
      response.shouldKeepAlive &&= server.listening;
      response.writeHead(status, headers).end(body);
    };
    handle(parts, request, send).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return;
      const status = error instanceof BodyTooLarge ? 413 : 400;
      send({ status, headers: { Connection: 'close' }, body: String(error) });
    });
  });
  return server;
}

async function handle(
  { api, controls, faults }: Parts,
  request: IncomingMessage,
  send: (answer: Answer) => void,
): Promise<void> {
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', `http://${headerOf(request, 'host') ?? 'localhost'}`);
  const body = await readBody(request);
  if (!url.pathname.startsWith('/v1/')) {
    const answer = await controls.answer({ method, url, body });
    send({ ...answer, headers: { 'Cache-Control': 'no-store', ...answer.headers } });
    return;
  }

  const apiVersion = headerOf(request, 'stripe-version') ?? currentApiVersion;
  const answer = await api.answer({
    method,
    path: url.pathname,
    encoded: method === 'GET' ? url.search.slice(1) : body,
    contentType: headerOf(request, 'content-type'),
    authorization: headerOf(request, 'authorization'),
    idempotencyKey: headerOf(request, 'idempotency-key'),
    apiVersion,
    baseUrl: url.origin,
  });
  if (method === 'POST' && faults.take('dropNext')) {
    // The work is done and kept; the caller will never know from this connection.
    request.socket.destroy();
    return;
  }
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-cache, no-store',
    'Stripe-Version': apiVersion,
  };
  send({ ...answer, headers: { ...headers, ...answer.headers } });
}
