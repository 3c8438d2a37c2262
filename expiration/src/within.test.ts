// Waiting with a deadline.
import { Unavailable } from '@ticketing/common';
import { within } from './within';

const never = new Promise<string>(() => undefined);

test('what comes in time is passed on', async () => {
  expect(await within(1000, 'Counting', Promise.resolve(3))).toBe(3);
});

test('no timer is left to run once it has come', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  await within(60_000, 'Counting', Promise.resolve(3));
  expect(timers()).toBe(before);
});

test('what fails in time fails with its own error', async () => {
  await expect(within(1000, 'Counting', Promise.reject(new Error('lost count')))).rejects.toThrow(
    'lost count',
  );
});

test('what takes too long is unavailable, and says what it was', async () => {
  await expect(within(5, 'Counting', never)).rejects.toThrow(
    new Unavailable('Counting took longer than 5 ms.'),
  );
});

test('what fails after the deadline is heard by nobody and ends nothing', async () => {
  const unheard: unknown[] = [];
  const hear = (error: unknown) => unheard.push(error);
  process.on('unhandledRejection', hear);
  let fail: (error: Error) => void = () => undefined;
  const late = new Promise((_resolve, reject) => (fail = reject));
  await expect(within(1, 'Counting', late)).rejects.toThrow(Unavailable);
  fail(new Error('too late'));
  await new Promise(setImmediate);
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
});
