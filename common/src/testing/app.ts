// An app as a service builds it, for the tests of what every app does.
import { Router, type Express } from 'express';
import { createApp, sessionKey, type AppOptions } from '../http';
import { createLogger } from '../process/logger';
import { Health } from '../process/health';
import { Metrics } from '../process/metrics';
import { testJwtKey } from './session';

/** Mounts the routes at /api/things; everything else is as in production, but silent. */
export function appWith(addRoutes: (router: Router) => void, given: Partial<AppOptions> = {}): Express {
  const router = Router();
  addRoutes(router);
  return createApp({
    logger: createLogger('test', 'test', 'silent'),
    metrics: new Metrics('test'),
    health: new Health(),
    trustProxy: 'loopback',
    key: sessionKey(testJwtKey),
    routes: { '/api/things': router },
    ...given,
  });
}
