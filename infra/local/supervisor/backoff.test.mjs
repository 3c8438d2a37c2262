import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartDelay } from './backoff.mjs';

test('the first restart is fast, each further one takes twice as long, up to five seconds', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 8, 1_000].map(restartDelay), [
    ...[100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000],
  ]);
});
