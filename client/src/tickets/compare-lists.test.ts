import { compareLists, readSort, type Sort } from './compare-lists';

/** By id; an upper-case one is the same price as its lower-case one, or else dearer in the alphabet's order. */
const list = (ids: string) => [...ids].map((id) => ({ id, price: id.toLowerCase().charCodeAt(0) }));
const compare = (shown: string, fetched: string, isWhole = true, sort: Sort = '') => {
  const { added, gone } = compareLists(list(shown), list(fetched), sort, isWhole);
  return [added, [...gone].join('')];
};

test.each<[what: string, shown: string, fetched: string, added: number, gone: string]>([
  ['nothing', 'dcb', 'dcb', 0, ''],
  ['one is listed', 'dcb', 'edcb', 1, ''],
  ['one is taken', 'dcb', 'db', 0, 'c'],
  ['one is taken and an older one slides in', 'dcb', 'dba', 0, 'c'],
  ['the first is taken and a newer one listed', 'dcb', 'ecb', 1, 'd'],
  ['all are taken', 'dcb', '', 0, 'dcb'],
  ['all are taken and two listed', 'dcb', 'fe', 2, 'dcb'],
  ['all are taken and an older one slides in', 'dcb', 'a', 0, 'dcb'],
  ['the first is listed', '', 'a', 1, ''],
])('%s', (_what, shown, fetched, added, gone) => {
  expect(compare(shown, fetched)).toEqual([added, gone]);
});

test('a page pushed down by newer ones says nothing of those below its end', () => {
  expect(compare('dcba', 'fedc', false)).toEqual([2, '']);
  expect(compare('dcba', 'feda', false)).toEqual([2, 'cb']);
});

test.each<[sort: Sort, shown: string, fetched: string, gone: string]>([
  ['price', 'abcd', 'acd', 'b'],
  ['price', 'bcd', 'abc', ''],
  ['price', 'bBcC', 'BcC', 'b'],
  ['price', 'BbCc', 'aBb', ''],
  ['price', 'BbCc', 'aB', ''],
  ['-price', 'dcba', 'dba', 'c'],
  ['-price', 'dcba', 'fed', ''],
  ['-price', 'dcba', 'fea', 'dcb'],
  ['-price', 'cCbB', 'cb', 'C'],
])('sorted by %s, of %s against %s only what stands before its end is gone', (sort, shown, fetched, gone) => {
  expect(compare(shown, fetched, false, sort)).toEqual([0, gone]);
});

test('what is no way to sort is none', () => {
  expect(['price', '-price', '', 'title', 'toString'].map(readSort)).toEqual(['price', '-price', '', '', '']);
});
