// What a service's routers really have, for comparing with what its document tells.
import type { RequestListener } from 'node:http';
import type { Express } from 'express';
import { apiOf } from './watch-answers';

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
  /** Falsy where what is mounted here does not answer below this path; express's own. */
  match(path: string): unknown;
}

/** For operators, inside the cluster only: docs/operating.md tells them. */
const operators = ['/healthz', '/readyz', '/metrics'];

/**
 * The routes of an app as its API's table names them (`GET /:id`), sorted. Throws where something is mounted that
 * cannot be told: at a path that the table does not know, or in a router within a router.
 */
export function routesOf(app: RequestListener): string[] {
  const api = apiOf(app);
  if (!api) throw new Error('The app has no document: give createApp its `api`.');
  const documented = Object.keys(api.operations).map((route) => route.replace(/^[A-Z]+ /, ''));
  const { stack } = (app as Express).router as unknown as { stack: Layer[] };
  return stack
    .flatMap((layer) => {
      const { route, handle } = layer;
      if (route && !operators.includes(route.path)) {
        throw new Error(`Nobody documents ${route.path}: mount it below ${api.path}.`);
      }
      const isAt = (path: string): boolean => Boolean(layer.match(path));
      const isDocs = isAt(`${api.path}/docs`) && !isAt(api.path);
      if (!handle.stack || route || isDocs) return [];
      // Most are mounted at the API's path; one that takes its bodies in its own way, further down.
      const base = isAt(api.path) ? '/' : documented.find((path) => isAt(api.path + path));
      if (base === undefined) throw new Error(`Nobody documents what is mounted outside ${api.path}.`);
      return handle.stack.flatMap((inner) => namesOf(inner, base));
    })
    .sort();
}

function namesOf({ route, handle }: Layer, base: string): string[] {
  if (handle.stack && !route) throw new Error('A router within a router: list its routes in the outer one.');
  const { path = '', methods = {} } = route ?? {};
  const whole = base === '/' ? path : path === '/' ? base : base + path;
  return Object.keys(methods).map((method) => `${method.toUpperCase()} ${whole}`);
}
