// Runs one suite as a process group of its own, within its deadline, and tells what came of it.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { signalProcess } from '../local/supervisor/process-identity.mjs';
import { until } from '../local/wait.mjs';
import { countOutcome } from './outcome.mjs';

/** A system that a test has booted stops in order when it is asked to; what is killed leaves its parts behind. */
const KILL_AFTER_MS = 30_000;
const OUTPUT_GRACE_MS = 2_000;

/** @typedef {import('./outcome.mjs').Counts & { output: string, log: string, seconds: number }} Result the output of failures */

/**
 * @param {import('./suites.mjs').Suite} suite
 * @param {{ folder: string, signal: AbortSignal }} options where its output and its report are kept
 * @returns {Promise<Result>}
 */
export async function runSuite({ name, kind, args, cwd, deadlineMs }, { folder, signal }) {
  mkdirSync(folder, { recursive: true });
  const log = join(folder, `${name}.log`);
  const report = join(folder, `${name}.${kind === 'jest' ? 'json' : 'tap'}`);
  rmSync(report, { force: true });
  const startedAt = Date.now();
  const code = await runGroup(args(report), { cwd, deadlineMs, log, signal });
  const seconds = (Date.now() - startedAt) / 1000;
  const counts = countOutcome(kind, code, existsSync(report) ? readFileSync(report, 'utf8') : undefined);
  return { ...counts, output: failures(readFileSync(log, 'utf8')), log, seconds };
}

/** Node's runner repeats at the end what failed; jest tells of nothing else. @param {string} output */
const failures = (output) => output.slice(Math.max(0, output.indexOf('\n✖ failing tests:')));

/**
 * @param {string[]} args
 * @param {{ cwd: string, deadlineMs: number, log: string, signal: AbortSignal }} options
 * @returns {Promise<number>} the exit code; 124 after the deadline
 */
async function runGroup(args, { cwd, deadlineMs, log, signal }) {
  const file = createWriteStream(log);
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, NODE_ENV: 'test', SKIP_BUILD: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) stream.pipe(file, { end: false });
  let isLate = false;
  /** @type {Promise<void> | undefined} */
  let ending;
  const end = () => {
    if (child.pid !== undefined) ending ??= endGroup(child.pid);
  };
  const deadline = setTimeout(() => {
    isLate = true;
    file.write(`\nended after ${deadlineMs / 1000} s without finishing\n`);
    end();
  }, deadlineMs);
  signal.addEventListener('abort', end, { once: true });
  /** @type {number} */
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode) => {
      // What outlives the suite could hold its output open for ever.
      const grace = setTimeout(() => resolve(exitCode ?? 1), OUTPUT_GRACE_MS);
      child.once('close', () => {
        clearTimeout(grace);
        resolve(exitCode ?? 1);
      });
    });
  });
  clearTimeout(deadline);
  await ending;
  signal.removeEventListener('abort', end);
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
  file.end();
  await finished(file);
  return isLate ? 124 : code;
}

/** The whole group: the runner itself may be gone long before the systems that its tests have booted. @param {number} id */
async function endGroup(id) {
  signalProcess(id, 'SIGTERM', { group: true });
  const isGone = () => !signalProcess(id, 0, { group: true });
  if (!(await until(isGone, { deadlineMs: KILL_AFTER_MS }))) signalProcess(id, 'SIGKILL', { group: true });
}
