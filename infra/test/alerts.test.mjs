// Alerts: each has its entry in the runbook, and the rules hold by promtool where there is one.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { runCommand } from '../local/command.mjs';
import { cacheFolder, findOnPath, isExecutable } from '../local/servers/cache.mjs';

const rulesFile = fileURLToPath(new URL('../k8s/components/observability/rules.yaml', import.meta.url));
const folder = dirname(rulesFile);
const runbook = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');

/** @type {{ alert: string, annotations: Record<string, string>, labels: Record<string, string> }[]} */
const alerts = parse(readFileSync(rulesFile, 'utf8')).groups.flatMap((/** @type {any} */ { rules }) => rules);

test('every alert has an entry in the runbook that it names, and every entry an alert', () => {
  const section = runbook.split('\n## Alerts\n')[1]?.split('\n## ')[0] ?? '';
  const entries = [...section.matchAll(/^### (.+)$/gm)].map(([, name]) => name);
  assert.deepEqual(
    entries,
    alerts.map(({ alert }) => alert),
  );
  for (const { alert, annotations } of alerts) {
    assert.equal(annotations['runbook'], `docs/operating.md#${alert.toLowerCase()}`);
  }
});

test('every alert says how urgent it is and what is wrong', () => {
  for (const { alert, labels, annotations } of alerts) {
    assert.match(labels['severity'] ?? '', /^(page|ticket)$/, alert);
    assert.match(annotations['summary'] ?? '', /\S/, alert);
  }
});

const promtool = await findPromtool();
test(
  'the rules are well-formed, and fire when they should',
  { skip: promtool === undefined && 'there is no promtool' },
  async () => {
    for (const args of [
      ['check', 'rules', rulesFile],
      ['test', 'rules', join(folder, 'rules.test.yaml')],
    ]) {
      const { code, output } = await runCommand(promtool ?? '', args, { deadlineMs: 30_000, cwd: folder });
      assert.equal(code, 0, output);
    }
  },
);

/** On PATH, or beside the Prometheus of `npm start -- --observe`. */
async function findPromtool() {
  const kept = join(cacheFolder(), 'prometheus-debian', 'promtool');
  return (await findOnPath('promtool')) ?? ((await isExecutable(kept)) ? kept : undefined);
}
