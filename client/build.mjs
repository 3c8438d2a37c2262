// Builds the client where its sources have changed since the last time, so that a warm `npm start` does not wait for it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const here = import.meta.dirname;
const output = join(here, '.next');
const standalone = join(output, 'standalone/client');
const marker = join(output, 'built-from');

const sources = sourcesHash();
const isBuilt = existsSync(join(standalone, 'server.js')) && existsSync(marker);
if (isBuilt && readFileSync(marker, 'utf8') === sources) {
  console.log('client: nothing has changed');
} else {
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
  const { status } = spawnSync(process.execPath, [next, 'build', '--webpack'], {
    cwd: here,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
  // A standalone build leaves to us what needs no server.
  cpSync(join(output, 'static'), join(standalone, '.next/static'), { recursive: true });
  cpSync(join(here, 'public'), join(standalone, 'public'), { recursive: true });
  writeFileSync(marker, sources);
}

/** Of everything that the build is made from: our files, the versions of Next and React, and of Node. */
function sourcesHash() {
  const hash = createHash('sha256').update(process.version);
  const files = ['package.json', 'next.config.mjs', 'build.mjs', ...walk('src'), ...walk('public')];
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(here, file)))
      .update('\0');
  return hash.digest('hex');
}

/** @param {string} folder */
function walk(folder) {
  return readdirSync(join(here, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map(({ parentPath, name }) => join(parentPath, name).slice(here.length + 1))
    .sort();
}
