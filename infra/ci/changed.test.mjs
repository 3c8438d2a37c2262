import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSuites } from '../test/suites.mjs';
import { root } from '../local/bootstrap/home.mjs';
import { services, suitesFor } from './changed.mjs';

test('a change of one service tests that service, the story, and the documents about it', () => {
  assert.deepEqual(suitesFor(['orders/src/orders/order.ts']), ['e2e', 'infra', 'orders']);
});

test('a change of common, of the lock file or of anything that nobody owns tests everything', () => {
  const checks = ['types', 'lint', 'format'];
  const all = findSuites(root)
    .map(({ name }) => name)
    .filter((name) => !checks.includes(name))
    .sort();
  for (const file of ['common/src/money.ts', 'package-lock.json', 'tsconfig.base.json', 'new/thing.ts'])
    assert.deepEqual(suitesFor([file]), all, file);
});

test('manifests, workflows and documents are checked by the tests of infra', () => {
  for (const file of [
    'infra/k8s/base/orders.yaml',
    '.github/workflows/ci.yaml',
    'docs/guarantees.md',
    'README.md',
  ])
    assert.deepEqual(suitesFor([file]), ['infra'], file);
});

test('several changes are tested together, each suite once', () => {
  const suites = suitesFor(services.map((name) => `${name}/package.json`));
  assert.deepEqual(suites, [...services, 'e2e', 'infra'].sort());
});

test('no change needs no test', () => {
  assert.deepEqual(suitesFor([]), []);
});
