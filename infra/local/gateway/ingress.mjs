// Reads an Ingress manifest and answers which service a path belongs to, by Kubernetes' own rules.
import { parseAllDocuments } from 'yaml';

/** @typedef {{ path: string, exact: boolean, service: string }} Route */

/**
 * The hosts in it are the cluster's; on one machine every host is served.
 * @param {string} manifest YAML
 * @returns {Route[]} the longest path first, and of equal ones the exact one
 */
export function readRoutes(manifest) {
  const routes = parseAllDocuments(manifest)
    .map((document) => document.toJS())
    .filter((resource) => resource?.kind === 'Ingress')
    .flatMap((ingress) => ingress.spec.rules)
    .flatMap((rule) => rule.http.paths.map(readPath));
  if (routes.length === 0) throw new Error('the Ingress manifest has no paths');
  return routes.sort((a, b) => b.path.length - a.path.length || Number(b.exact) - Number(a.exact));
}

/**
 * @param {any} entry of spec.rules[].http.paths
 * @returns {Route}
 */
function readPath({ path, pathType, backend }) {
  const service = backend?.service?.name;
  if (typeof path !== 'string' || !path.startsWith('/') || typeof service !== 'string') {
    throw new Error(
      `the Ingress manifest has a path that routes nowhere: ${JSON.stringify({ path, backend })}`,
    );
  }
  if (pathType !== 'Prefix' && pathType !== 'Exact') {
    throw new Error(`pathType ${pathType} means something else for every controller: use Prefix or Exact`);
  }
  const exact = pathType === 'Exact';
  return { path: exact ? path : path.replace(/\/+$/, ''), exact, service };
}

/**
 * Prefix matches whole elements (`/api/users` and `/api/users/1`, not `/api/usersx`), Exact the very path.
 * @param {readonly Route[]} routes from readRoutes
 * @param {string} url as in the request line
 * @returns {string | undefined} the service's name
 */
export function matchRoute(routes, url) {
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  if (!path.startsWith('/')) return undefined;
  for (const route of routes) {
    if (path === route.path) return route.service;
    if (!route.exact && path.startsWith(route.path) && path[route.path.length] === '/') return route.service;
  }
  return undefined;
}
