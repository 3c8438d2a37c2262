import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOutcome } from './outcome.mjs';

/** @param {number} passed @param {number} failed @param {number} [broken] files that cannot be loaded */
const jest = (passed, failed, broken = 0) =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: broken });
/** @param {number} passed @param {number} failed @param {number} cancelled */
const tap = (passed, failed, cancelled) =>
  `ok 1 - # pass 99\n# tests 5\n# pass ${passed}\n# fail ${failed}\n# cancelled ${cancelled}\n`;

test('a check counts as one, by its exit code', () => {
  assert.deepEqual(countOutcome('check', 0, undefined), { passed: 1, failed: 0 });
  assert.deepEqual(countOutcome('check', 2, undefined), { passed: 0, failed: 1 });
});

test('tests are counted, and a file that cannot be loaded is a failure', () => {
  assert.deepEqual(countOutcome('jest', 0, jest(12, 0)), { passed: 12, failed: 0 });
  assert.deepEqual(countOutcome('jest', 1, jest(12, 3)), { passed: 12, failed: 3 });
  assert.deepEqual(countOutcome('jest', 1, jest(12, 0, 1)), { passed: 12, failed: 1 });
  assert.deepEqual(countOutcome('node', 0, tap(4, 0, 0)), { passed: 4, failed: 0 });
  assert.deepEqual(countOutcome('node', 1, tap(3, 1, 1)), { passed: 3, failed: 2 });
});

test('a suite that ran nothing, wrote nothing or ended badly has failed, and says why', () => {
  for (const [code, report] of /** @type {[number, string | undefined][]} */ ([
    [0, jest(0, 0)],
    [0, undefined],
    [1, ''],
    [137, undefined],
    [1, jest(5, 0)],
  ])) {
    const { failed, why } = countOutcome('jest', code, report);
    assert.equal(failed, 1);
    assert.match(why ?? '', /^(it|all) /);
  }
  assert.equal(countOutcome('node', 0, tap(0, 0, 0)).failed, 1);
  assert.equal(countOutcome('node', 0, 'TAP version 13\n').failed, 1);
});
