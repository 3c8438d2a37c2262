// What is told of every request: its time as a metric, changes and failures as a line in the log.
import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { causeOf, newCause, traceIdOf, traceparentOf, type Cause } from '../events';
import type { Logger } from '../process/logger';
import type { Metrics } from '../process/metrics';
import type { Span, Tracing } from '../process/tracing';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the way express's types are extended
  namespace Express {
    interface Request {
      /** X-Request-Id as the ingress gave it, or a new one. */
      id: string;
      /** Its place in a trace; see causeOf. */
      cause?: Cause;
    }
  }
}

/** The media type of server-sent events. */
export const eventStream = 'text/event-stream';

const idPattern = /^[\w.:-]{1,128}$/;

function idOf(request: Request): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && idPattern.test(given) ? given : randomUUID();
}

/** The route's pattern, never the raw URL: a label for each ticket would be a metric for each ticket. */
function routeOf(request: Request): string {
  const path = (request.route as { path?: string } | undefined)?.path;
  return path === undefined ? 'unmatched' : `${request.baseUrl}${path === '/' ? '' : path}`;
}

/** Asked for every few seconds by machines: no trace of anything. */
const probes = new Set(['/healthz', '/readyz', '/metrics']);

/** By OpenTelemetry's conventions: https://opentelemetry.io/docs/specs/semconv/http/http-spans/ */
const spanOf = (request: Request, route: string, status: number, start: number): Span => ({
  name: `${request.method} ${route}`,
  kind: 'server',
  cause: causeOf(request),
  startMs: performance.timeOrigin + start,
  endMs: performance.timeOrigin + performance.now(),
  attributes: {
    'http.request.method': request.method,
    'http.route': route,
    'http.response.status_code': status,
    'url.path': request.originalUrl.split('?')[0] ?? '',
    'url.scheme': request.protocol,
  },
  ...(status >= 500 && { error: `answered ${status}` }),
});

/**
 * Times every request by method, route and status, and logs it: failures as errors, changes as info, reads for whoever
 * asks for debug. It is on the way of every request, so it does little: pino-http here cost a third of a small answer.
 */
export function observeRequests(metrics: Metrics, logger: Logger, tracing?: Tracing): RequestHandler {
  const timings = metrics.timings('http_request_duration_seconds', 'Time from a request to its answer', [
    'method',
    'route',
    'status',
  ]);
  const tell = (request: Request, response: Response, start: number): void => {
    const { method, id } = request;
    const status = response.statusCode;
    const route = routeOf(request);
    const seconds = (performance.now() - start) / 1000;
    timings.observe({ method, route, status }, seconds);
    if (tracing?.isOn && !probes.has(route)) tracing.add(spanOf(request, route, status, start));
    const level = status >= 500 ? 'error' : method === 'GET' ? 'debug' : 'info';
    if (!logger.isLevelEnabled(level)) return;
    logger[level](
      {
        requestId: id,
        traceId: traceIdOf(causeOf(request)),
        method,
        url: request.originalUrl,
        status,
        ms: Math.round(seconds * 1000),
      },
      'request',
    );
  };
  return (request, response, next) => {
    const start = performance.now();
    request.id = idOf(request);
    if (tracing?.isOn) request.cause = newCause(traceparentOf(request));
    response.once('finish', () => {
      // A stream ends when its reader leaves: how long that took says nothing. `live_readers` counts them.
      if (String(response.getHeader('Content-Type')).startsWith(eventStream)) return;
      tell(request, response, start);
    });
    next();
  };
}
