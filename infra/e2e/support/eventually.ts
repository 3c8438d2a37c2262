import { setTimeout as sleep } from 'node:timers/promises';

export { sleep };

/**
 * Runs an assertion again and again until it holds; at the deadline it throws the assertion's last error. The one way
 * to wait for something here.
 *
 * @returns what the assertion returned
 */
export async function eventually<T>(
  assertion: () => T | Promise<T>,
  { withinMs = 10_000, everyMs = 25 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(everyMs);
    }
  }
}

/** Runs `work` on every item, at most `atOnce` at a time, and keeps the order of the results. */
export async function forEach<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

/** 0, 1, … count - 1. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** How many of each there are, as in `{ "201": 1, "400 orders.ticket_already_reserved": 49 }`. */
export function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
