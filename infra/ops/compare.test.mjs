import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences } from './compare.mjs';

let open = 0;
/** @param {[string, number][]} entries */
async function* stream(entries) {
  open++;
  try {
    for (const [key, state] of entries) yield { key, state: [state] };
  } finally {
    open--;
  }
}

/** @param {[string, number][]} own @param {[string, number][]} copies */
async function found(own, copies) {
  const all = [];
  for await (const { key, own: here, copy } of differences(stream(own), stream(copies)))
    all.push([key, here, copy]);
  return all;
}

test('says nothing of what agrees', async () => {
  assert.deepEqual(
    await found(
      [
        ['a', 1],
        ['b', 2],
      ],
      [
        ['a', 1],
        ['b', 2],
      ],
    ),
    [],
  );
  assert.deepEqual(await found([], []), []);
});

test('finds what differs, and what is on one side only: at the beginning, in the middle, at the end', async () => {
  assert.deepEqual(
    await found(
      [
        ['b', 1],
        ['c', 2],
        ['e', 5],
      ],
      [
        ['a', 0],
        ['b', 1],
        ['c', 3],
        ['d', 4],
      ],
    ),
    [
      ['a', null, '[0]'],
      ['c', '[2]', '[3]'],
      ['d', null, '[4]'],
      ['e', '[5]', null],
    ],
  );
  assert.deepEqual(await found([], [['a', 0]]), [['a', null, '[0]']]);
});

test('closes both streams when nobody looks on', async () => {
  for await (const { key } of differences(
    stream([
      ['a', 1],
      ['b', 1],
    ]),
    stream([
      ['a', 2],
      ['b', 2],
    ]),
  )) {
    assert.equal(key, 'a');
    break;
  }
  assert.equal(open, 0);
});
