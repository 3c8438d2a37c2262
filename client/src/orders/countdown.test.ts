import { announcement, formatLeft, secondsLeft } from './countdown';

test.each([
  [60_000, 60],
  [59_999, 60],
  [1, 1],
  [0, 0],
  [-5000, 0],
])('%d ms are %d seconds', (ms, seconds) => {
  expect(secondsLeft(ms)).toBe(seconds);
});

test.each([
  [0, '0:00'],
  [9, '0:09'],
  [65, '1:05'],
  [3600, '1:00:00'],
  [86_399, '23:59:59'],
])('%d seconds read %s', (seconds, text) => {
  expect(formatLeft(seconds)).toBe(text);
});

test('a minute’s hold is announced at 30, 10 and 0 seconds, and at no other', () => {
  const said = [];
  for (let second = 59; second > 0; second--) said.push(announcement(second, second - 1));
  expect(said.filter(Boolean)).toEqual([
    '30 seconds left to pay.',
    '10 seconds left to pay.',
    'The time is up.',
  ]);
});

test('a page that slept says only where it is now', () => {
  expect(announcement(300, 299)).toBeUndefined();
  expect(announcement(301, 300)).toBe('5 minutes left to pay.');
  expect(announcement(59, 8)).toBe('10 seconds left to pay.');
  expect(announcement(59, 0)).toBe('The time is up.');
  expect(announcement(0, 0)).toBeUndefined();
});
