// Every overlay renders, has the shapes that Kubernetes knows, and passes kube-score without anything critical.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../local/command.mjs';
import { overlays, render, resourcesIn } from './render.mjs';
import { ensureSchemas, ensureTool, kubernetesVersion } from './tools.mjs';

const DEADLINE_MS = 60_000;
/** Where nothing else looks for files to check. */
const work = fileURLToPath(new URL('../../../.local/test', import.meta.url));
/** Not asked for: images are named by a digest or a tag of their own, so nothing would be newer; and minikube's own are nowhere to be pulled from. */
const ignoredChecks = ['container-image-pull-policy'];

let kubeconform = '';
let kubeScore = '';
let schemas = '';
before(
  async () => {
    // One after the other: on a machine that has none of them, each is compiled.
    await ensureTool('kustomize');
    kubeconform = await ensureTool('kubeconform');
    kubeScore = await ensureTool('kube-score');
    schemas = await ensureSchemas();
  },
  { timeout: 300_000 },
);

/** @param {string} yaml @returns {Promise<string>} what is wrong with its shapes; empty for nothing */
async function shapeProblems(yaml) {
  const where = `${schemas}/{{.ResourceKind}}{{.KindSuffix}}.json`;
  const options = ['-strict', '-kubernetes-version', kubernetesVersion, '-schema-location', where];
  const outcome = await withFile(yaml, (file) =>
    runCommand(kubeconform, [...options, file], { deadlineMs: DEADLINE_MS }),
  );
  return outcome.code === 0 ? '' : outcome.output;
}

/** @template T @param {string} yaml @param {(file: string) => Promise<T>} use */
async function withFile(yaml, use) {
  await mkdir(work, { recursive: true });
  const folder = await mkdtemp(join(work, 'rendered-'));
  try {
    const file = join(folder, 'kustomization.yaml');
    await writeFile(file, yaml);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

for (const overlay of overlays) {
  test(`${overlay} has the shapes that Kubernetes ${kubernetesVersion} knows`, async () => {
    assert.equal(await shapeProblems(await render(overlay)), '');
  });

  test(`${overlay} has nothing that kube-score calls critical`, async () => {
    const ignored = ignoredChecks.flatMap((name) => ['--ignore-test', name]);
    const yaml = await render(overlay);
    const outcome = await withFile(yaml, (file) =>
      runCommand(kubeScore, ['score', '--output-format', 'ci', ...ignored, file], {
        deadlineMs: DEADLINE_MS,
      }),
    );
    const lines = outcome.output.split('\n');
    assert.deepEqual(
      lines.filter((line) => line.startsWith('[CRITICAL]')),
      [],
    );
    // It has looked at them, too.
    assert.ok(lines.filter((line) => line.startsWith('[OK]')).length > resourcesIn(yaml).length);
  });
}

/** An overlay of somebody's, on top of prod. @param {string} lines */
const rendered = (lines) =>
  withFile(
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../../../infra/k8s/overlays/prod]\n${lines}`,
    (file) => render(join(file, '..')),
  );

/** @param {string} name @param {string} value */
const replaced = (name, value) =>
  `patches:\n  - target: { kind: Deployment, name: orders }\n    patch: '[{"op": "add", "path": "/spec/${name}", "value": ${value}}]'\n`;

test('an overlay that is right passes', async () => {
  assert.equal(await shapeProblems(await rendered(replaced('replicas', '3'))), '');
});

test('an overlay that names what is not there is refused as it is rendered', async () => {
  await assert.rejects(
    rendered('components: [../../../infra/k8s/components/embedded-mongo]\n'),
    /cannot be rendered/,
  );
  await assert.rejects(
    rendered(
      'patches:\n  - target: { kind: Deployment, name: orders }\n    patch: |\n      - replicas: [3\n',
    ),
    /cannot be rendered/,
  );
});

for (const [what, name, value] of /** @type {const} */ ([
  ['a misspelt field', 'replica', '3'],
  ['a value of another type', 'replicas', '"three"'],
  ['a field at the wrong place', 'image', '"ticketing/orders"'],
])) {
  test(`an overlay with ${what} is told`, async () => {
    assert.match(await shapeProblems(await rendered(replaced(name, value))), /is invalid/);
  });
}
