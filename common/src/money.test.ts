import { fromMinorUnits, maxPrice, toMinorUnits } from './money';

describe('A price', () => {
  test.each([
    [0.01, 1],
    [19.99, 1999],
    [1.1, 110],
    [8.95, 895],
    [4.35, 435],
    [1, 100],
    [999_999.99, 99_999_999],
    [maxPrice, 100_000_000],
    ['19.99', 1999],
    ['5', 500],
    ['0.5', 50],
    ['1000000.00', 100_000_000],
  ])('of %p is %p minor units', (price, minorUnits) => {
    expect(toMinorUnits(price)).toBe(minorUnits);
  });

  test.each([
    ['nothing', 0],
    ['less than nothing', -1],
    ['less than a minor unit', 0.001],
    ['three decimals', 19.999],
    ['a decimal that hides behind rounding', 1.005],
    ['the trace of an addition in floating point', 0.1 + 0.2],
    ['more than the most', maxPrice + 0.01],
    ['infinity', Infinity],
    ['no number', NaN],
    ['an empty text', ''],
    ['a text of nothing', '0'],
    ['a text with three decimals', '1.234'],
    ['a text in scientific notation', '1e3'],
    ['a hexadecimal text', '0x10'],
    ['a text with a sign', '+5'],
    ['a negative text', '-5'],
    ['a text with spaces', ' 5'],
    ['a text with a line break', '5\n'],
    ['a text with a currency', '5 €'],
    ['digits of another script', '٥'],
    ['a text over the most', '1000000.01'],
    ['a text that ends in the point', '5.'],
    ['a list', [5]],
    ['an object', { $gt: 0 }],
    ['an object that pretends', { valueOf: () => 5 }],
    ['a truth', true],
    ['null', null],
    ['undefined', undefined],
    ['a bigint', 5n],
  ])('that is %s is none', (_what, price) => {
    expect(toMinorUnits(price)).toBeUndefined();
  });

  test('survives the way to minor units and back, whatever its cents', () => {
    const wrong: number[] = [];
    for (let cents = 1; cents <= 100_000_000; cents += cents < 200_000 ? 1 : 4999) {
      const price = fromMinorUnits(cents);
      if (toMinorUnits(price) !== cents || toMinorUnits(price.toFixed(2)) !== cents) wrong.push(cents);
    }
    expect(wrong).toEqual([]);
  });
});
