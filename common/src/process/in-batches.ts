const maxItems = 100;

interface Waiting<T, R> {
  item: T;
  resolve: (outcome: R) => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers what comes one by one and works on it together: what arrives while a batch is worked on makes the next one, so
 * nothing waits longer than it must and a crowd costs little more than one.
 *
 * @param work tells what became of each item, in their order; an Error is that item's failure alone, a rejection that
 *   of all of them
 * @returns hands one item over; settles with what became of it
 */
export function inBatches<T, R = void>(
  work: (items: T[]) => Promise<readonly (R | Error)[]>,
): (item: T) => Promise<R> {
  let gathered: Waiting<T, R>[] = [];
  let isWorking = false;

  const workOn = async (batch: Waiting<T, R>[]): Promise<void> => {
    try {
      const outcomes = await work(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index];
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome as R);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  const workOff = async (): Promise<void> => {
    isWorking = true;
    // Who comes in this very moment comes along.
    await Promise.resolve();
    while (gathered.length > 0) {
      const batch = gathered.slice(0, maxItems);
      gathered = gathered.slice(maxItems);
      await workOn(batch);
    }
    isWorking = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      gathered.push({ item, resolve, reject });
      if (!isWorking) void workOff();
    });
}
