// Builds a service's express app: what comes before its routes and what comes after them.
import { randomUUID, type KeyObject } from 'node:crypto';
import express, { type Express, type Router } from 'express';
import { pinoHttp } from 'pino-http';
import { errorHandler } from './error-handler';
import { RouteNotFound } from './refusal';
import { session } from './session';
import { observeRequests, type Metrics } from '../process/metrics';
import type { Health } from '../process/health';
import type { Logger } from '../process/logger';

export interface AppOptions {
  logger: Logger;
  metrics: Metrics;
  health: Health;
  /** Which proxies' X-Forwarded-* headers to believe; express's `trust proxy`. */
  trustProxy: string;
  /** The key of the session's JWT; without it the service has no sessions. */
  key?: KeyObject;
  /** Routes by the path they are mounted at. */
  routes: Record<string, Router>;
}

const requestId = (given: string | string[] | undefined): string =>
  typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();

/** Every answer of the app, errors and unknown routes included, has the contract's shape. */
export function createApp({ logger, metrics, health, trustProxy, key, routes }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  // An ETag would hash every body to save bytes, never work.
  app.disable('etag');
  app.set(
    'trust proxy',
    trustProxy.split(',').map((entry) => entry.trim()),
  );

  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', (_request, response) => {
    const report = health.report();
    response.status(report.isReady ? 200 : 503).json(report);
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });

  app.use(observeRequests(metrics));
  app.use(
    pinoHttp({
      logger,
      genReqId: (request) => requestId(request.headers['x-request-id']),
      // Changes and failures are told; reads only to whoever asks for debug.
      customLogLevel: (request, response, error) =>
        error || response.statusCode >= 500 ? 'error' : request.method === 'GET' ? 'debug' : 'info',
      serializers: {
        req: ({ id, method, url }: { id: string; method: string; url: string }) => ({ id, method, url }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      },
    }),
  );
  app.use(express.json({ limit: '100kb' }));
  if (key) app.use(session(key));
  for (const [path, router] of Object.entries(routes)) app.use(path, router);
  app.use(() => {
    throw new RouteNotFound();
  });
  app.use(errorHandler(logger));
  return app;
}
