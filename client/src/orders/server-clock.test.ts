import { narrow, offsetMs, type Offset, type Sample } from './server-clock';

/** What an answer says when the server is `ahead` ms ahead and the way takes `wayMs` there and back again. */
function sample(at: number, ahead: number, wayMs = 20): Sample {
  const written = at + wayMs / 2 + ahead;
  return { serverTime: Math.floor(written / 1000) * 1000, sentAt: at, heardAt: at + wayMs };
}

test('one answer tells the offset to about half a second', () => {
  const offset = narrow(undefined, sample(100_300, 90_000));
  expect(Math.abs(offsetMs(offset as Offset) - 90_000)).toBeLessThan(520);
});

test.each([-3_600_000, -1234, 0, 777, 90_000])('several answers leave little doubt: %d ms', (ahead) => {
  let offset: Offset | undefined;
  for (let i = 0; i < 12; i++) offset = narrow(offset, sample(100_000 + i * 2083, ahead));
  expect(Math.abs(offsetMs(offset as Offset) - ahead)).toBeLessThan(120);
});

test('after a clock was set, the latest answer counts', () => {
  const before = narrow(undefined, sample(100_000, 0));
  const after = narrow(before, sample(102_000, 50_000));
  expect(Math.abs(offsetMs(after as Offset) - 50_000)).toBeLessThan(520);
});

test('an answer without a date changes nothing', () => {
  const known = { least: 1, most: 2 };
  expect(narrow(known, { serverTime: undefined, sentAt: 0, heardAt: 0 })).toBe(known);
  expect(narrow(undefined, { serverTime: undefined, sentAt: 0, heardAt: 0 })).toBeUndefined();
});
