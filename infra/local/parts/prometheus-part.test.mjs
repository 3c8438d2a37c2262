import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hurried, prometheusConfig } from './prometheus-part.mjs';

const file = new URL('../../k8s/components/observability/rules.yaml', import.meta.url);

test('every replica is a target of its own, named as in its logs', () => {
  const {
    scrape_configs: [job],
  } = prometheusConfig({ auth: [4000], orders: [4001, 4002] }, '/rules.yaml', false);
  assert.deepEqual(job?.static_configs, [
    { targets: ['127.0.0.1:4000'], labels: { service: 'auth', instance: 'auth-1' } },
    { targets: ['127.0.0.1:4001'], labels: { service: 'orders', instance: 'orders-1' } },
    { targets: ['127.0.0.1:4002'], labels: { service: 'orders', instance: 'orders-2' } },
  ]);
});

test('hurried rules differ from the real ones in their times alone', () => {
  const rules = readFileSync(file, 'utf8');
  const quick = hurried(rules);
  assert.doesNotMatch(quick, /\[\d+m\]|for: (?!2s$)/m);
  const timeless = (/** @type {string} */ text) =>
    text.replaceAll(/for: \w+$/gm, '').replaceAll(/\[\w+\]/g, '');
  assert.equal(timeless(quick), timeless(rules));
  assert.notEqual(quick, rules);
});
