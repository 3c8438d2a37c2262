// What overlays/prod offers in comments is chosen as it says: by one line, with nothing else to change.
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../local/bootstrap/home.mjs';
import { ofKind, podsIn, render, resourcesIn } from './render.mjs';

/**
 * Prod as somebody has changed it.
 * @param {(kustomization: string) => string} change
 * @param {string} [host]
 */
async function changedProd(change, host = 'ticketing.dev') {
  await mkdir(join(root, '.local/test'), { recursive: true });
  const folder = await mkdtemp(join(root, '.local/test/prod-'));
  try {
    await cp(join(root, 'infra/k8s/overlays/prod'), folder, { recursive: true });
    for (const [file, edit] of /** @type {const} */ ([
      ['kustomization.yaml', change],
      ['host.yaml', (/** @type {string} */ text) => text.replace('ticketing.dev', host)],
    ])) {
      const text = edit(await readFile(join(folder, file), 'utf8'));
      // It stands elsewhere now.
      await writeFile(join(folder, file), text.replaceAll('- ../../', '- ../../../infra/k8s/'));
    }
    return resourcesIn(await render(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** @param {string} name takes the # away before its line */
const chosen = (name) => (/** @type {string} */ text) => {
  const found = text.replace(new RegExp(`# (- \\S+/${name})$`, 'm'), '$1');
  assert.notEqual(found, text, `prod offers no ${name}`);
  return found;
};

/** @param {string} name */
const without = (name) => (/** @type {string} */ text) => {
  const found = text.replace(new RegExp(`^ *- \\S+/${name}\\n`, 'm'), '');
  assert.notEqual(found, text, `prod has no ${name}`);
  return found;
};

test('a host name is changed in one place, for the Ingress and its certificate', async () => {
  const [ingress] = ofKind(await changedProd((text) => text, 'tickets.example.org'), 'Ingress');
  assert.equal(ingress.spec.rules[0].host, 'tickets.example.org');
  assert.deepEqual(ingress.spec.tls[0].hosts, ['tickets.example.org']);
});

test('the Gateway API takes the place of the Ingress by its line alone, with the host name', async () => {
  const all = await changedProd(chosen('gateway-api'), 'tickets.example.org');
  assert.deepEqual(ofKind(all, 'Ingress'), []);
  const hosts = ofKind(all, 'HTTPRoute').flatMap(({ spec }) => spec.hostnames);
  assert.deepEqual(new Set(hosts), new Set(['tickets.example.org']));
});

for (const [server, variable] of /** @type {const} */ ([
  ['mongodb', 'MONGO_URI'],
  ['nats', 'NATS_URL'],
  ['redis', 'REDIS_URL'],
])) {
  test(`without embedded-${server} every ${variable} is asked of the Secret, and the others stay as they were`, async () => {
    const all = await changedProd((text) => chosen('managed-servers')(without(`embedded-${server}`)(text)));
    for (const { name, kind, spec } of podsIn(all)) {
      if (kind !== 'Deployment') continue;
      for (const { name: key, value, valueFrom } of spec.containers[0].env) {
        if (!/^(MONGO_URI|NATS_URL|REDIS_URL)$/.test(key)) continue;
        const where = valueFrom?.secretKeyRef?.name;
        assert.equal(where, key === variable ? 'ticketing-servers' : undefined, `${name}: ${key}`);
        assert.equal(value === undefined, key === variable, `${name}: ${key}`);
      }
    }
  });
}
