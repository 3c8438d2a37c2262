// Work that many things may ask for: done at once, and then no more than once in a while, the last time included.

export function paced(work: () => void, everyMs: number): { run: () => void; cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDue = false;
  const run = (): void => {
    isDue = timer !== undefined;
    if (isDue) return;
    work();
    timer = setTimeout(() => {
      timer = undefined;
      if (isDue) run();
    }, everyMs);
  };
  return {
    run,
    cancel: () => {
      clearTimeout(timer);
    },
  };
}
