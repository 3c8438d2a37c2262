import { localeOf } from './locale';

test.each([
  ['de-DE,de;q=0.9,en;q=0.8', 'de-DE'],
  ['fr;q=0.5', 'fr'],
  ['*', 'en-US'],
  ['', 'en-US'],
  [undefined, 'en-US'],
  ['not a language', 'en-US'],
])('%j is read as %s', (header, locale) => {
  expect(localeOf(header)).toBe(locale);
});
