// What we ask of our own manifests, whatever the overlay: checked on them as they reach a cluster.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readRoutes } from '../../local/gateway/ingress.mjs';
import { reaches, selects } from './reach.mjs';
import { ofKind, overlays, podsIn, render, resourcesIn } from './render.mjs';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const services = ['auth', 'tickets', 'orders', 'payments', 'expiration'];
/** @param {string} path */
const read = (path) => readFileSync(`${root}/${path}`, 'utf8');

for (const overlay of overlays) {
  const resources = async () => resourcesIn(await render(overlay));

  test(`${overlay}: pods are what the restricted standard asks for, and have no key to the cluster`, async () => {
    const pods = podsIn(await resources());
    assert.ok(pods.length >= services.length);
    for (const { name, spec } of pods) {
      assert.equal(spec.automountServiceAccountToken, false, name);
      assert.equal(spec.securityContext.runAsNonRoot, true, name);
      assert.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault', name);
      for (const { securityContext, resources: amounts, image } of spec.containers) {
        assert.equal(securityContext.allowPrivilegeEscalation, false, name);
        assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] }, name);
        assert.equal(
          securityContext.readOnlyRootFilesystem,
          overlay !== 'overlays/dev' || !isService(name),
          name,
        );
        assert.ok(amounts.requests.memory && amounts.requests.cpu && amounts.limits.memory, name);
        assert.match(image, /(:[^:/]+|@sha256:.*)$/, `${name}: ${image} has no tag`);
        assert.doesNotMatch(image, /:latest$/);
      }
    }
    const [namespace] = ofKind(await resources(), 'Namespace');
    assert.equal(namespace.metadata.labels['pod-security.kubernetes.io/enforce'], 'restricted');
  });

  test(`${overlay}: services end by themselves before they are killed`, async () => {
    const stopSeconds = Number(/stopDeadlineSeconds = (\d+)/.exec(read('common/src/process/run.ts'))?.[1]);
    for (const { name, spec } of podsIn(await resources()).filter((pod) => services.includes(pod.name))) {
      const [{ lifecycle }] = spec.containers;
      const leaving = lifecycle.preStop.sleep.seconds;
      assert.ok(spec.terminationGracePeriodSeconds > leaving + stopSeconds, name);
    }
  });

  test(`${overlay}: every service gets what its config.ts asks for, and nothing it does not know`, async () => {
    for (const { name, spec } of podsIn(await resources()).filter((pod) => services.includes(pod.name))) {
      const { environment } = require(`${root}/${name}/dist/config.js`);
      const given = spec.containers[0].env.map((/** @type {any} */ variable) => variable.name);
      const required = Object.keys(environment).filter(
        (key) => !environment[key].safeParse(undefined).success,
      );
      assert.deepEqual(
        required.filter((key) => !given.includes(key)),
        [],
        `${name} does not get`,
      );
      assert.deepEqual(
        given.filter((/** @type {string} */ key) => !(key in environment)),
        [],
        `${name} does not know`,
      );
      for (const { name: key, value } of spec.containers[0].env) {
        if (value !== undefined)
          assert.ok(environment[key].safeParse(value).success, `${name}: ${key}=${value}`);
      }
    }
  });

  test(`${overlay}: secrets come from Secrets, which are not here`, async () => {
    const all = await resources();
    assert.deepEqual(ofKind(all, 'Secret'), []);
    for (const { name, spec } of podsIn(all)) {
      for (const { env = [] } of spec.containers) {
        for (const { name: key, value } of env) {
          if (/KEY|PASSWORD|SECRET/.test(key)) assert.equal(value, undefined, `${name}: ${key}`);
        }
      }
    }
  });

  test(`${overlay}: what routes are for is there and listens`, async () => {
    const all = await resources();
    const pods = podsIn(all);
    const routes = routesIn(all);
    assert.ok(routes.length >= 5);
    for (const { service } of routes) {
      const found = ofKind(all, 'Service').find(({ metadata }) => metadata.name === service);
      assert.ok(found, `${service} is routed to and not there`);
      const behind = pods.filter(({ labels }) => selects({ matchLabels: found.spec.selector }, labels));
      assert.equal(behind.length, 1, service);
    }
  });
}

test('pages are rendered from the very services that the Ingress routes to', async () => {
  const all = resourcesIn(await render('overlays/prod'));
  const client = podsIn(all).find(({ name }) => name === 'client');
  const base = client?.spec.containers[0].env.find(
    (/** @type {any} */ { name }) => name === 'API_BASE',
  ).value;
  const expected = routesIn(all)
    .filter(({ service }) => service !== 'client-srv')
    .map(({ path, service }) => `${path}=http://${service}:3000`);
  assert.deepEqual(base.split(',').sort(), expected.sort());
});

test('the Gateway API routes as the Ingress does, for the same host, and takes its place', async () => {
  const gateway = resourcesIn(await render('test/variants/gateway'));
  const prod = resourcesIn(await render('overlays/prod'));
  assert.deepEqual(ofKind(gateway, 'Ingress'), []);
  assert.deepEqual(routesIn(gateway), routesIn(prod));
  assert.deepEqual(
    new Set(ofKind(gateway, 'HTTPRoute').flatMap(({ spec }) => spec.hostnames)),
    new Set(ofKind(prod, 'Ingress').flatMap(({ spec }) => spec.tls[0].hosts)),
  );
});

test("prod charges at Stripe's: the emulator is nowhere in it", async () => {
  for (const overlay of ['overlays/prod', 'test/variants/managed', 'test/variants/gateway']) {
    const yaml = await render(overlay);
    assert.doesNotMatch(yaml, /STRIPE_API_BASE|emulator/);
  }
});

test('in prod every Deployment grows by load, and is never taken away whole', async () => {
  const all = resourcesIn(await render('overlays/prod'));
  for (const { metadata, spec } of ofKind(all, 'Deployment')) {
    const { name } = metadata;
    assert.equal(spec.replicas, undefined, `${name}: the HPA's to say`);
    assert.deepEqual(spec.strategy.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 }, name);
    const hpa = ofKind(all, 'HorizontalPodAutoscaler').find((each) => each.spec.scaleTargetRef.name === name);
    assert.ok(hpa?.spec.minReplicas >= 2, `${name} has no HPA`);
    const labels = spec.template.metadata.labels;
    const budgets = ofKind(all, 'PodDisruptionBudget').filter((each) => selects(each.spec.selector, labels));
    assert.equal(budgets.length, 1, `${name} has no PodDisruptionBudget`);
  }
});

const databases = ['auth', 'tickets', 'orders', 'payments'].map((name) => `${name} → ${name}-mongo:mongo`);
const broker = ['auth', 'tickets', 'orders', 'payments', 'expiration'].map((name) => `${name} → nats:nats`);
const redis = ['auth', 'orders', 'payments', 'expiration'].map((name) => `${name} → redis:redis`);
const api = ['auth', 'tickets', 'orders', 'payments'].map((name) => `client → ${name}:http`);
const stripe = ['payments → stripe-emulator:stripe'];

for (const [overlay, expected] of /** @type {const} */ ([
  ['overlays/prod', [...databases, ...broker, ...redis, ...api]],
  ['overlays/dev', [...databases, ...broker, ...redis, ...api, ...stripe]],
  ['test/variants/managed', api],
])) {
  test(`${overlay}: pods reach each other only where they must`, async () => {
    assert.deepEqual(reaches(resourcesIn(await render(overlay))), expected.toSorted());
  });
}

/** @param {string} name */
const isService = (name) => [...services, 'client'].includes(name);

/** @param {any[]} resources @returns {{ path: string, service: string }[]} the longest first */
function routesIn(resources) {
  const ingresses = ofKind(resources, 'Ingress');
  if (ingresses.length > 0)
    return readRoutes(JSON.stringify(ingresses[0])).map(({ path, service }) => ({ path, service }));
  return ofKind(resources, 'HTTPRoute')
    .flatMap(({ spec }) => spec.rules)
    .filter((rule) => rule.backendRefs)
    .map((rule) => ({
      path: rule.matches[0].path.value.replace(/\/+$/, ''),
      service: rule.backendRefs[0].name,
    }))
    .sort((a, b) => b.path.length - a.path.length);
}
