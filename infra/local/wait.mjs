// Waiting, always with a deadline: a pause that can be interrupted, and a condition that is asked again until it holds.
import { setTimeout as delay } from 'node:timers/promises';

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal] rejects with its reason when it fires
 */
export async function pause(milliseconds, signal) {
  try {
    await delay(milliseconds, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/**
 * Asks `holds` again and again; true once it does, false when the deadline passes first.
 * @param {() => boolean | Promise<boolean>} holds
 * @param {{ deadlineMs: number, everyMs?: number, signal?: AbortSignal | undefined }} options
 * @returns {Promise<boolean>}
 */
export async function until(holds, { deadlineMs, everyMs = 50, signal }) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    signal?.throwIfAborted();
    if (await holds()) return true;
    if (Date.now() >= end) return false;
    await pause(Math.min(everyMs, Math.max(1, end - Date.now())), signal);
  }
}

/**
 * Rejects where `work` takes longer; the work itself goes on, so give it a way to end.
 * @template T
 * @param {Promise<T>} work
 * @param {number} milliseconds
 * @param {string} what names the work in the error
 * @returns {Promise<T>}
 */
export async function within(work, milliseconds, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${milliseconds} ms`)), milliseconds);
  });
  try {
    return /** @type {T} */ (await Promise.race([work, deadline]));
  } finally {
    clearTimeout(timer);
  }
}
