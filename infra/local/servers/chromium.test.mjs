import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findChromium } from './chromium.mjs';

const log = () => undefined;
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ticketing-chromium-'));
  for (const name of ['google-chrome', 'mine']) {
    await writeFile(join(folder, name), '#!/bin/sh\n');
    await chmod(join(folder, name), 0o755);
  }
});
after(() => rm(folder, { recursive: true }));

test('the browser that is named comes before one on the path', async () => {
  const path = join(folder, 'mine');
  assert.equal(await findChromium({ log, env: { PATH: folder, CHROME_PATH: path } }), path);
});

test('any of the names that a Chromium goes by is found on the path', async () => {
  assert.equal(await findChromium({ log, env: { PATH: folder } }), join(folder, 'google-chrome'));
});

test('a wrong name is told in one sentence, and nothing else is taken in its place', async () => {
  await assert.rejects(findChromium({ log, env: { PATH: folder, CHROME_PATH: '/nowhere/chrome' } }), {
    name: 'PlainFailure',
    message: /^CHROME_PATH names no program: \/nowhere\/chrome\. Install Chromium/,
  });
});
