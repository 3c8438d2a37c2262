// The per-user cache of server binaries, filled atomically: two clones may fetch the same one at once.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PlainFailure, errorCode } from '../failure.mjs';

/** `$XDG_CACHE_HOME/ticketing`, or `~/.cache/ticketing`. */
export const cacheFolder = () =>
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'ticketing');

/** @param {string} path */
export async function isExecutable(path) {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes(errorCode(error))) return false;
    throw error;
  }
}

/**
 * @param {string} program
 * @param {string} [path]
 * @returns {Promise<string | undefined>} its absolute path
 */
export async function findOnPath(program, path = process.env['PATH'] ?? '') {
  for (const folder of path.split(delimiter).filter((entry) => entry.startsWith('/'))) {
    const candidate = join(folder, program);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

/**
 * The cached program; where it is not there, `fetch` puts it into an empty folder, which takes its place in one rename.
 * @param {string} entry names the program and its version
 * @param {string} program the executable's file name inside the entry
 * @param {(folder: string) => Promise<void>} fetch
 * @returns {Promise<string>} its absolute path
 */
export async function cached(entry, program, fetch) {
  const cache = cacheFolder();
  const path = join(cache, entry, program);
  if (await isExecutable(path)) return path;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, `.fetching-${entry}-`));
  try {
    await fetch(folder);
    await rename(folder, join(cache, entry));
  } catch (error) {
    // Another clone was faster: what it put there is as good.
    if (!(['ENOTEMPTY', 'EEXIST'].includes(errorCode(error)) && (await isExecutable(path)))) throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return path;
}

/**
 * @param {string} file
 * @param {string} expected sha256 in hex, pinned here
 */
export async function verifySha256(file, expected) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (found === expected) return;
  throw new PlainFailure(
    `${file.split('/').at(-1)} is not the file that is pinned here (sha256 ${found} instead of ${expected}), so it was not used.`,
  );
}
