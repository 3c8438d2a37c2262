// Builds a service's express app: what comes before its routes and what comes after them.
import express, { type Express, type Router } from 'express';
import type { Api } from '../openapi/define-api';
import { documentRoutes } from '../openapi/serve-document';
import { refuseCrossSite } from './cross-site';
import { errorHandler } from './error-handler';
import { observeRequests } from './observe';
import { RouteNotFound } from './refusal';
import { limitRequest } from './request-limits';
import { securityHeaders } from './security-headers';
import { session, type SessionEndings } from './session';
import type { SessionKey } from './session-key';
import type { Metrics } from '../process/metrics';
import type { Health } from '../process/health';
import type { Logger } from '../process/logger';
import type { Tracing } from '../process/tracing';

export interface AppOptions {
  logger: Logger;
  metrics: Metrics;
  health: Health;
  /** Where spans of requests go; nowhere unless given. */
  tracing?: Tracing;
  /** Which proxies' X-Forwarded-* headers to believe; express's `trust proxy`. */
  trustProxy: string;
  /** The key of the session's JWT; without it the service has no sessions. */
  key?: SessionKey;
  /** Which sessions were ended before their time. */
  endings?: SessionEndings;
  /** Paths that other sites may send to, for they go by no cookie: webhooks. */
  crossSite?: readonly string[];
  /** Routes that need their body as it came, and no session: signed by another machine, say. */
  unparsed?: Record<string, Router>;
  /** Routes by the path they are mounted at. */
  routes: Record<string, Router>;
  /** What the routes take and answer; served at their path's `/docs`. */
  api?: Api;
}

/** Every answer of the app, errors and unknown routes included, has the contract's shape. */
export function createApp({
  logger,
  metrics,
  health,
  tracing,
  trustProxy,
  key,
  endings,
  crossSite = [],
  unparsed = {},
  routes,
  api,
}: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  // An ETag would hash every body to save bytes, never work.
  app.disable('etag');
  // A parameter is a text, or a list of texts; never an object.
  app.set('query parser', 'simple');
  app.set(
    'trust proxy',
    trustProxy.split(',').map((entry) => entry.trim()),
  );

  app.use(observeRequests(metrics, logger, tracing));
  app.use(securityHeaders, refuseCrossSite(crossSite));
  if (api) {
    app.locals['api'] = api;
    // Before sessions, bodies and `/:id`: a document is for anybody, and no id.
    app.use(`${api.path}/docs`, documentRoutes(api));
  }
  for (const [path, router] of Object.entries(unparsed)) app.use(path, router);
  app.use(express.json({ limit: '100kb' }), limitRequest);
  if (key) app.use(session(key, endings));
  for (const [path, router] of Object.entries(routes)) app.use(path, router);

  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', (_request, response) => {
    const report = health.report();
    response.status(report.isReady ? 200 : 503).json(report);
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });

  app.use(() => {
    throw new RouteNotFound();
  });
  app.use(errorHandler(logger));
  return app;
}
