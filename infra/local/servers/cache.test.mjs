import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cached, findOnPath, verifySha256 } from './cache.mjs';
import { assertModuleSum } from './go.mjs';

const previous = process.env['XDG_CACHE_HOME'];
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ticketing-cache-'));
  process.env['XDG_CACHE_HOME'] = folder;
});
after(async () => {
  if (previous === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = previous;
  await rm(folder, { recursive: true });
});

test('a file with the pinned hash passes, any other is refused', async () => {
  const file = join(folder, 'some.whl');
  await writeFile(file, 'hello\n');
  await verifySha256(file, '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03');
  await assert.rejects(verifySha256(file, '0'.repeat(64)), {
    name: 'PlainFailure',
    message: /some\.whl is not the file that is pinned here.*so it was not used/,
  });
});

test('a Go module with another hash is refused', () => {
  const module = { path: 'example.org/tool', version: 'v1.0.0', sum: 'h1:right' };
  assertModuleSum('{"Sum":"h1:right"}', module);
  assert.throws(() => assertModuleSum('{"Sum":"h1:other"}', module), {
    message: /not the module that is pinned here/,
  });
});

/** @param {string} into */
const makeProgram = (into) => writeFile(join(into, 'tool'), '#!/bin/sh\n', { mode: 0o755 });

test('fetches once, and finds it from then on', async () => {
  let fetched = 0;
  for (let i = 0; i < 2; i++) {
    const path = await cached('tool-1', 'tool', async (into) => {
      fetched++;
      await makeProgram(into);
    });
    assert.equal(path, join(folder, 'ticketing/tool-1/tool'));
  }
  assert.equal(fetched, 1);
});

test('two at once both get it, and leave nothing half done', async () => {
  let release = () => {};
  const bothFetching = new Promise((resolve) => (release = () => resolve(undefined)));
  let fetching = 0;
  const fetch = async (/** @type {string} */ into) => {
    if (++fetching === 2) release();
    await bothFetching;
    await makeProgram(into);
  };
  const paths = await Promise.all([cached('tool-2', 'tool', fetch), cached('tool-2', 'tool', fetch)]);
  assert.equal(paths[0], paths[1]);
  assert.deepEqual(
    (await readdir(join(folder, 'ticketing'))).filter((name) => name.startsWith('.')),
    [],
  );
});

test('a failed fetch leaves nothing that a later start could take for the program', async () => {
  await assert.rejects(
    cached('tool-3', 'tool', async (into) => {
      await makeProgram(into);
      throw new Error('cut off');
    }),
    /cut off/,
  );
  assert.deepEqual(
    (await readdir(join(folder, 'ticketing'))).filter((name) => name.includes('tool-3')),
    [],
  );
});

test('finds a program in the folders of PATH, in their order', async () => {
  await makeProgram(folder);
  assert.equal(await findOnPath('tool', `/nowhere:${folder}:/bin`), join(folder, 'tool'));
  assert.equal(await findOnPath('tool', '/nowhere:relative'), undefined);
});
