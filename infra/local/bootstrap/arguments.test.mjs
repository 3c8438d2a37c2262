import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from './arguments.mjs';

test('takes nothing, --fresh, --replicas and --observe', () => {
  assert.deepEqual(parseArguments([]), { fresh: false, replicas: 1, observe: false, help: false });
  assert.deepEqual(parseArguments(['--fresh', '--replicas', '3', '--observe']), {
    ...{ fresh: true, replicas: 3, observe: true, help: false },
  });
  assert.equal(parseArguments(['--replicas=2']).replicas, 2);
  assert.equal(parseArguments(['-h']).help, true);
});

for (const argv of [['--frsh'], ['fresh'], ['--fresh=yes'], ['']]) {
  test(`refuses ${JSON.stringify(argv)} with one sentence and exit code 2`, () => {
    assert.throws(() => parseArguments(argv), {
      name: 'PlainFailure',
      exitCode: 2,
      message: /is not an argument/,
    });
  });
}

for (const count of ['0', '-1', '1.5', 'two', '17', '', '1e1']) {
  test(`refuses ${JSON.stringify(count)} as a number of replicas`, () => {
    assert.throws(() => parseArguments(['--replicas', count]), {
      exitCode: 2,
      message: /whole number from 1 to 16/,
    });
  });
}

test('refuses --replicas without a number', () => {
  assert.throws(() => parseArguments(['--replicas']), { exitCode: 2 });
});
