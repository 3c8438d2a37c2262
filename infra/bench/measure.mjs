// One measurement: a load, and the CPU time that the whole system spent on it, what it set in motion included.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {import('./load.mjs').Job} Job
 * @typedef {import('./load.mjs').Result & { perSecond: number, cpuMs: number, cpuByPart: Record<string, number> }} Measured
 *   `cpuMs` is the whole system's CPU time a request, `cpuByPart` its parts.
 * @typedef {{ name: string, pid: number }} Part
 */

const ticksPerSecond = 100;
const settleMs = 1500;

/** CPU milliseconds that a process has used so far, by /proc. @param {number} pid */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

/** @param {Part[]} parts */
const cpuOfAll = (parts) => new Map(parts.map(({ name, pid }) => [name, cpuOf(pid)]));

/** Runs a load in a process of its own. @param {Job} job @returns {Promise<import('./load.mjs').Result>} */
export function runLoad(job) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./load.mjs', import.meta.url))], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(JSON.parse(output));
      else reject(new Error(`The load ended with ${code}.`));
    });
    child.stdin.end(JSON.stringify(job));
  });
}

/** CPU milliseconds a second that the idle system uses, by part. @param {Part[]} parts @param {number} seconds */
export async function idleCpu(parts, seconds = 4) {
  const before = cpuOfAll(parts);
  await sleep(seconds * 1000);
  return new Map(
    [...cpuOfAll(parts)].map(([name, cpu]) => [name, (cpu - (before.get(name) ?? 0)) / seconds]),
  );
}

/**
 * @param {Part[]} parts
 * @param {Map<string, number>} idle from idleCpu: what would have been used anyway is not counted
 * @param {Job} job
 * @param {() => Promise<void>} [settled] waits until what the load set in motion has come to rest
 * @returns {Promise<Measured>}
 */
export async function measure(parts, idle, job, settled = () => Promise.resolve()) {
  const before = cpuOfAll(parts);
  const start = performance.now();
  const result = await runLoad(job);
  await settled();
  await sleep(settleMs);
  const seconds = (performance.now() - start) / 1000;
  /** @type {Record<string, number>} */
  const cpuByPart = {};
  for (const [name, cpu] of cpuOfAll(parts)) {
    const used = cpu - (before.get(name) ?? 0) - (idle.get(name) ?? 0) * seconds;
    if (used > 0.5) cpuByPart[name] = used / result.count;
  }
  const cpuMs = Object.values(cpuByPart).reduce((sum, cpu) => sum + cpu, 0);
  return { ...result, perSecond: result.count / result.seconds, cpuMs, cpuByPart };
}
