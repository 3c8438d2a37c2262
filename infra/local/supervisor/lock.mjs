// One supervisor for a home folder: a lock file that names its owner and is void once that process has ended.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlainFailure, errorCode } from '../failure.mjs';
import { isSameProcess, startOf } from './process-identity.mjs';

/**
 * Takes the lock or refuses with a plain sentence.
 * @param {string} runFolder
 * @returns {() => void} gives it back
 */
export function takeLock(runFolder) {
  const path = lockOf(runFolder);
  const mine = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) ?? '' });
  // Twice: once more after a void lock was cleared. Whoever loses the race for it finds the winner's lock then.
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, mine, { flag: 'wx', mode: 0o600 });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const found = readLock(path);
    if (found !== undefined && isOwned(found)) throw alreadyRunning(found);
    if (found !== undefined) clearVoidLock(path, found);
  }
  throw alreadyRunning(readLock(path) ?? '');
}

/**
 * @param {string} runFolder
 * @returns {boolean} whether a supervisor runs here
 */
export function isLocked(runFolder) {
  const found = readLock(lockOf(runFolder));
  return found !== undefined && isOwned(found);
}

/** @param {string} runFolder */
const lockOf = (runFolder) => join(runFolder, 'supervisor.lock');

/** @param {string} found */
function alreadyRunning(found) {
  const pid = /"pid":(\d+)/.exec(found)?.[1] ?? 'unknown';
  return new PlainFailure(
    `This system is already running here (process ${pid}): stop it with Ctrl-C first, or start a second one beside it with TICKETING_HOME=.local/second PORT=3001 npm start.`,
  );
}

/** @param {string} text */
function isOwned(text) {
  try {
    return isSameProcess(JSON.parse(text));
  } catch (error) {
    // Written only in part, by a process that died at it.
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/**
 * Takes away the void lock, and only that: a rename is atomic, so of two that saw the same one a single one gets it.
 * @param {string} path
 * @param {string} expected
 */
function clearVoidLock(path, expected) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== expected) linkSync(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(errorCode(error))) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** @param {string} path */
function readLock(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
