/**
 * Gathers what comes one by one and hands it on together: what arrives while a batch is worked on makes the next one, so
 * nothing waits longer than it must and a crowd costs little more than one.
 *
 * @returns hands one item over; settles as its batch does
 */
export function inBatches<T>(work: (items: T[]) => Promise<void>): (item: T) => Promise<void> {
  let gathered: T[] = [];
  let next: Promise<void> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const begin = (): Promise<void> => {
    const items = gathered;
    gathered = [];
    next = undefined;
    return work(items);
  };
  return (item) => {
    gathered.push(item);
    if (!next) {
      // The batch before may have failed: that is told to whoever was in it.
      next = last.then(begin, begin);
      last = next;
    }
    return next;
  };
}
