import { compareLists } from './compare-lists';

const list = (ids: string) => [...ids].map((id) => ({ id }));
const compare = (shown: string, fetched: string, isWhole = true) => {
  const { added, gone } = compareLists(list(shown), list(fetched), isWhole);
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
