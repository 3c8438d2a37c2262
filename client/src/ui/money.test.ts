import { formatPrice, parsePrice } from './money';

test('prices are dollars in the reader’s own notation', () => {
  expect(formatPrice(19.99, 'en-US')).toBe('$19.99');
  expect(formatPrice(1234.5, 'de-DE').replace(/\s/, ' ')).toBe('1.234,50 $');
});

test.each([
  ['19.99', 19.99],
  ['19,9', 19.9],
  [' $ 20 ', 20],
  ['0.01', 0.01],
  ['1000000', 1_000_000],
])('%j is read as %d', (text, price) => {
  expect(parsePrice(text)).toBe(price);
});

test.each(['', '0', '0.00', '-1', '1.999', '1,250', '1 250', '1e3', '1000000.01', '0x10', 'free', '.5'])(
  '%j is no price',
  (text) => {
    expect(parsePrice(text)).toBeUndefined();
  },
);
