// A journal of the processes started, by which the next start ends what a killed supervisor left behind.
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../failure.mjs';
import { until } from '../wait.mjs';
import { isSameProcess, signalProcess, startOf } from './process-identity.mjs';

/** @typedef {{ name: string, pid: number, startedAt: string }} Recorded */

/** @param {string} runFolder */
const journalOf = (runFolder) => join(runFolder, 'processes.jsonl');

/**
 * Written synchronously, before anything else happens: only a process in the journal can be found again.
 * @param {string} runFolder
 * @param {string} name
 * @param {number} pid
 */
export function recordProcess(runFolder, name, pid) {
  const startedAt = startOf(pid);
  if (startedAt !== undefined) {
    appendFileSync(journalOf(runFolder), `${JSON.stringify({ name, pid, startedAt })}\n`, { mode: 0o600 });
  }
}

/** @param {string} runFolder */
export function forgetProcesses(runFolder) {
  rmSync(journalOf(runFolder), { force: true });
}

/**
 * Ends what an earlier run left: asks first, kills what does not listen.
 * @param {string} runFolder
 * @param {{ graceMs?: number }} [options]
 * @returns {Promise<string[]>} the names of what was ended
 */
export async function endLeftovers(runFolder, { graceMs = 10_000 } = {}) {
  const left = readJournal(runFolder).filter(isSameProcess);
  for (const { pid } of left) signalProcess(pid, 'SIGTERM');
  const allEnded = () => !left.some(isSameProcess);
  if (!(await until(allEnded, { deadlineMs: graceMs }))) {
    for (const recorded of left.filter(isSameProcess))
      signalProcess(recorded.pid, 'SIGKILL', { group: true });
    if (!(await until(allEnded, { deadlineMs: 5_000 }))) {
      throw new Error(
        `could not end ${left.filter(isSameProcess).map(({ name, pid }) => `${name} (${pid})`)}`,
      );
    }
  }
  forgetProcesses(runFolder);
  return left.map(({ name }) => name);
}

/**
 * @param {string} runFolder
 * @returns {Recorded[]}
 */
function readJournal(runFolder) {
  let text;
  try {
    text = readFileSync(journalOf(runFolder), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  // The last line may be half written, by a supervisor that was killed at it.
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));
}
