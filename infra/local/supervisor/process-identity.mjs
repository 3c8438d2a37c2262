// Tells one process from another that got the same pid later, so that nothing foreign is ever signalled.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { errorCode } from '../failure.mjs';

const onLinux = process.platform === 'linux';

/**
 * When a process started, in a form that only that process ever has; undefined where there is none.
 * @param {number} pid
 * @returns {string | undefined}
 */
export function startOf(pid) {
  if (!onLinux) return ps('lstart=', pid);
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name in parentheses may hold anything; after it come the state (field 3) and the start time (field 22).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended; it is only still to be collected by its parent.
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return `${readProc('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}/${fields[19]}`;
}

/**
 * @param {{ pid: number, startedAt: string }} recorded
 * @returns {boolean} whether that very process still runs
 */
export function isSameProcess({ pid, startedAt }) {
  return startedAt !== '' && startOf(pid) === startedAt;
}

/**
 * @param {number} pid
 * @returns {number | null} resident memory
 */
export function memoryBytes(pid) {
  const kilobytes = onLinux
    ? /^VmRSS:\s+(\d+) kB$/m.exec(readProc(`/proc/${pid}/status`) ?? '')?.[1]
    : ps('rss=', pid);
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/**
 * Signals the process, or with `group` all that it started too; false where it is gone already.
 * @param {number} pid leads its own process group, as every part does
 * @param {NodeJS.Signals | 0} signal 0 only asks whether it is there
 * @param {{ group?: boolean }} [options]
 */
export function signalProcess(pid, signal, { group = false } = {}) {
  try {
    process.kill(group ? -pid : pid, signal);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
    throw error;
  }
}

/** @param {string} path */
function readProc(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(errorCode(error))) return undefined;
    throw error;
  }
}

/**
 * @param {string} column
 * @param {number} pid
 */
function ps(column, pid) {
  try {
    const text = execFileSync('ps', ['-o', column, '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 5_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text.trim() || undefined;
  } catch (error) {
    // ps exits 1 where there is no such process; anything else is a failure of ps itself.
    if (error instanceof Error && 'status' in error && error.status === 1) return undefined;
    throw error;
  }
}
