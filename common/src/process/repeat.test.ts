import { createLogger } from './logger';
import { Repeat } from './repeat';

const logger = createLogger('test', 'test', 'silent');

/** A task that the test ends when it likes. */
function task() {
  const runs: { end: () => void; fail: () => void }[] = [];
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      runs.push({
        end: resolve,
        fail: () => {
          reject(new Error('away'));
        },
      });
    });
  return { runs, run };
}

/** Lets everything happen that waits for no timer. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Passes time in the fake clock, and counts the runs after. */
async function pass(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms);
  await settle();
}

describe('A repeated task', () => {
  test('runs at once, and again a pause after each end, never twice at once', async () => {
    const { runs, run } = task();
    const repeat = new Repeat('test', run, { everyMs: 1000, logger });
    await repeat.start();
    expect(runs).toHaveLength(1);
    await pass(5000);
    expect(runs).toHaveLength(1);
    runs[0]?.end();
    await pass(999);
    expect(runs).toHaveLength(1);
    await pass(1);
    expect(runs).toHaveLength(2);
    runs[1]?.end();
    await repeat.stop();
  });

  test('that fails goes on, with a pause that doubles up to its bound and is short again after a success', async () => {
    const { runs, run } = task();
    const repeat = new Repeat('test', run, { everyMs: 1000, maxPauseMs: 3000, logger });
    await repeat.start();
    for (const [failures, pauseMs] of [2000, 3000, 3000].entries()) {
      runs.at(-1)?.fail();
      await pass(pauseMs - 1);
      expect(runs).toHaveLength(failures + 1);
      await pass(1);
      expect(runs).toHaveLength(failures + 2);
    }
    runs.at(-1)?.end();
    await pass(1000);
    expect(runs).toHaveLength(5);
    runs.at(-1)?.end();
    await repeat.stop();
  });

  test('runs at once when it is woken in its pause, also in that after a failure', async () => {
    const { runs, run } = task();
    const repeat = new Repeat('test', run, { everyMs: 60_000, logger });
    await repeat.start();
    runs[0]?.end();
    await settle();
    repeat.wake();
    await settle();
    expect(runs).toHaveLength(2);
    runs[1]?.fail();
    await settle();
    repeat.wake();
    await settle();
    expect(runs).toHaveLength(3);
    runs[2]?.end();
    await repeat.stop();
  });

  test('runs exactly once more when it is woken while running, however often', async () => {
    const { runs, run } = task();
    const repeat = new Repeat('test', run, { everyMs: 60_000, logger });
    await repeat.start();
    repeat.wake();
    repeat.wake();
    await settle();
    expect(runs).toHaveLength(1);
    runs[0]?.end();
    await settle();
    expect(runs).toHaveLength(2);
    runs[1]?.end();
    await pass(59_000);
    expect(runs).toHaveLength(2);
    await repeat.stop();
  });

  test('that is stopped ends what is under way and does not begin again', async () => {
    const { runs, run } = task();
    const repeat = new Repeat('test', run, { everyMs: 10, logger });
    await repeat.start();
    let isStopped = false;
    const stopped = repeat.stop().then(() => (isStopped = true));
    await pass(1000);
    expect(isStopped).toBe(false);
    runs[0]?.end();
    await stopped;
    repeat.wake();
    await pass(1000);
    expect(runs).toHaveLength(1);
  });

  test('that is stopped in its pause does not wait for the end of it', async () => {
    const { runs, run } = task();
    const repeat = new Repeat('test', run, { everyMs: 60_000, logger });
    await repeat.start();
    runs[0]?.end();
    await settle();
    await repeat.stop();
    expect(runs).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('that was never started can be stopped', async () => {
    await new Repeat('test', () => Promise.resolve(), { everyMs: 1, logger }).stop();
  });
});
