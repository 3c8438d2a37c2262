import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs an assertion again and again until it holds, or throws its last error at the deadline. The one way to wait in
 * tests: never a fixed sleep.
 */
export async function eventually<T>(assertion: () => T | Promise<T>, timeoutMs = 10_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(20);
    }
  }
}
