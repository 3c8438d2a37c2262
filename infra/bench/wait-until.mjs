import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until it is so, or throws at the deadline. @param {string} what @param {() => Promise<boolean>} isSo */
export async function waitUntil(what, isSo, { deadlineMs = 60_000, everyMs = 50 } = {}) {
  const deadline = Date.now() + deadlineMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Waited too long until ${what}.`);
    await sleep(everyMs);
  }
}
