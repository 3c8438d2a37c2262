import { paced } from './paced';

beforeEach(() => jest.useFakeTimers());

test('the first is done at once, a crowd of others once, when their time comes', () => {
  const work = jest.fn();
  const { run } = paced(work, 1000);
  run();
  expect(work).toHaveBeenCalledTimes(1);
  for (let i = 0; i < 50; i++) run();
  jest.advanceTimersByTime(999);
  expect(work).toHaveBeenCalledTimes(1);
  jest.advanceTimersByTime(1);
  expect(work).toHaveBeenCalledTimes(2);
  jest.advanceTimersByTime(60_000);
  expect(work).toHaveBeenCalledTimes(2);
  run();
  expect(work).toHaveBeenCalledTimes(3);
});

test('what has been given up is not done', () => {
  const work = jest.fn();
  const { run, cancel } = paced(work, 1000);
  run();
  run();
  cancel();
  jest.advanceTimersByTime(60_000);
  expect(work).toHaveBeenCalledTimes(1);
});
