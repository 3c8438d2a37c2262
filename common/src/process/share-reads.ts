interface Reading<R> {
  running: Promise<R>;
  next?: Promise<R>;
}

/**
 * Identical reads that wait at the same time are one read, and its answer goes to all. A read is shared only by those who
 * asked before it began, so nobody is told anything older than what was there when they asked: this is no cache.
 *
 * @returns reads, or waits for the read that answers it too; `key` says what is identical
 */
export function sharesReads<R>(): (key: string, read: () => Promise<R>) => Promise<R> {
  const readings = new Map<string, Reading<R>>();

  const begin = (key: string, read: () => Promise<R>): Promise<R> => {
    const reading: Reading<R> = { running: read() };
    readings.set(key, reading);
    const end = (): void => {
      if (!reading.next) readings.delete(key);
    };
    reading.running.then(end, end);
    return reading.running;
  };
  return (key, read) => {
    const reading = readings.get(key);
    if (!reading) return begin(key, read);
    // The one under way may be too old; whether it fails is told to those who wait for it.
    const beginNext = (): Promise<R> => begin(key, read);
    reading.next ??= reading.running.then(beginNext, beginNext);
    return reading.next;
  };
}
