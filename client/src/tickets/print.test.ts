import { barsOf, serialOf, stockOf, stocks } from './print';

const ids = Array.from(
  { length: 200 },
  (_, i) => `6561f0c2a1b2c3d4e5f6${(i * 7919).toString(16).padStart(4, '0')}`,
);

test('a serial is the end of the id', () => {
  expect(serialOf('6561f0c2a1b2c3d49f3a0c21')).toBe('9F3A·0C21');
});

test('every stock is used, and a ticket keeps its own', () => {
  expect(new Set(ids.map(stockOf)).size).toBe(stocks);
  expect(ids.map(stockOf)).toEqual(ids.map(stockOf));
});

test('bars stay within the drawing and differ between tickets', () => {
  expect(new Set(ids.map(barsOf)).size).toBe(ids.length);
  const [, start, width] = /M([\d.]+) 0h([\d.]+)v24h-[\d.]+z$/.exec(barsOf(ids[3] ?? '')) ?? [];
  expect(Number(start) + Number(width)).toBeLessThanOrEqual(100.1);
});
