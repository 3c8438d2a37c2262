// The file a part writes to by itself, so that no reader can ever block it, and it outlives the supervisor.
import { appendFileSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../failure.mjs';

const LARGEST_BYTES = 5 * 1024 * 1024;

/**
 * Opens for appending; one that has grown large is put aside as `.1` first.
 * @param {string} path
 * @returns {number} a file descriptor for the child's stdout and stderr
 */
export function openLog(path) {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LARGEST_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

/**
 * Removes the logs of parts that this run does not have, as of replicas that an earlier one had.
 * @param {string} folder
 * @param {readonly string[]} kept paths
 */
export function removeOtherLogs(folder, kept) {
  const others = readdirSync(folder).filter((file) => /^[a-z]+(-\d+)?\.log(\.1)?$/.test(file));
  for (const path of others.map((file) => join(folder, file))) {
    if (!kept.includes(path.replace(/\.1$/, ''))) rmSync(path);
  }
}

/**
 * @param {string} path
 * @param {string} line
 */
export function noteInLog(path, line) {
  appendFileSync(path, `[supervisor] ${new Date().toISOString()} ${line}\n`, { mode: 0o600 });
}

/**
 * @param {string} path
 * @param {number} lines
 * @returns {Promise<{ text: string, end: number }>} the last lines, and the offset at which they end
 */
export async function tail(path, lines) {
  let file;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { text: '', end: 0 };
    throw error;
  }
  try {
    const { size } = await file.stat();
    const length = Math.min(size, 64 * 1024);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const text = buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
    return { text, end: size };
  } finally {
    await file.close();
  }
}
