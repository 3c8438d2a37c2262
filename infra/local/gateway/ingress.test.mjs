import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { matchRoute, readRoutes } from './ingress.mjs';

const manifest = readFileSync(new URL('../../k8s/base/ingress.yaml', import.meta.url), 'utf8');

/** @type {[string, string | undefined][]} */
const expected = [
  ['/api/users', 'auth-srv'],
  ['/api/users/', 'auth-srv'],
  ['/api/users/currentuser?x=/api/orders', 'auth-srv'],
  ['/api/tickets?limit=1', 'tickets-srv'],
  ['/api/orders/1', 'orders-srv'],
  ['/api/payments', 'payments-srv'],
  ['/api/usersx', 'client-srv'],
  ['/api', 'client-srv'],
  ['//api/users', 'client-srv'],
  ['/', 'client-srv'],
  ['/?next=1', 'client-srv'],
  ['*', undefined],
  ['http://elsewhere/api/users', undefined],
];
for (const [url, service] of expected) {
  test(`the cluster's own manifest routes ${url} to ${service ?? 'nobody'}`, () => {
    assert.equal(matchRoute(readRoutes(manifest), url), service);
  });
}

/** @param {[path: string, pathType: string, service: string][]} paths */
const ingress = (...paths) =>
  JSON.stringify({
    kind: 'Ingress',
    spec: {
      rules: [
        {
          http: {
            paths: paths.map(([path, pathType, name]) => ({
              path,
              pathType,
              backend: { service: { name } },
            })),
          },
        },
      ],
    },
  });

test('the longest prefix wins, and of equal paths the exact one', () => {
  const routes = readRoutes(
    ingress(['/a', 'Prefix', 'short'], ['/a/b', 'Prefix', 'long'], ['/a/b', 'Exact', 'exact']),
  );
  assert.equal(matchRoute(routes, '/a/x'), 'short');
  assert.equal(matchRoute(routes, '/a/b'), 'exact');
  assert.equal(matchRoute(routes, '/a/b/'), 'long');
  assert.equal(matchRoute(routes, '/a/bc'), 'short');
  assert.equal(matchRoute(routes, '/b'), undefined);
});

test('a slash at the end of a prefix means nothing, at the end of an exact path it does', () => {
  assert.equal(matchRoute(readRoutes(ingress(['/a/', 'Prefix', 's'])), '/a'), 's');
  assert.equal(matchRoute(readRoutes(ingress(['/a/', 'Exact', 's'])), '/a'), undefined);
});

test('refuses what would route somewhere else in the cluster', () => {
  assert.throws(() => readRoutes(ingress(['/a', 'ImplementationSpecific', 's'])), /use Prefix or Exact/);
  assert.throws(() => readRoutes('kind: Service'), /no paths/);
});
