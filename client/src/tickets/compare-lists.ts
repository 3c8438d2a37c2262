// What has happened to a list since it was shown, for a page that does not move under the reader's eyes.

/** Newest first, cheapest first, dearest first. */
export type Sort = '' | 'price' | '-price';

export interface ListNews {
  /** How many were listed since; told where the newest come first, and their place is at the top. */
  added: number;
  /** Those shown that can no longer be bought. */
  gone: ReadonlySet<string>;
}

interface Item {
  id: string;
  price: number;
}

/**
 * What is above all that is known is new; what stands between is back from a hold; and what has slid in from below tells
 * nothing. Where the fetched list ends before the shown one, it says nothing of the rest.
 */
export function compareLists(
  shown: readonly Item[],
  fetched: readonly Item[],
  sort: Sort,
  isWhole: boolean,
): ListNews {
  const now = new Set(fetched.map(({ id }) => id));
  const last = fetched.at(-1);
  const isCovered = (item: Item): boolean => isWhole || (last !== undefined && !comesAfter(item, last, sort));
  return {
    added: sort === '' ? countNewer(shown, fetched) : 0,
    gone: new Set(shown.filter((item) => !now.has(item.id) && isCovered(item)).map(({ id }) => id)),
  };
}

function countNewer(shown: readonly Item[], fetched: readonly Item[]): number {
  const before = new Set(shown.map(({ id }) => id));
  const firstKnown = fetched.findIndex(({ id }) => before.has(id));
  return firstKnown === -1 ? fetched.filter(({ id }) => id > (shown[0]?.id ?? '')).length : firstKnown;
}

/** Ids grow with time. */
function comesAfter(a: Item, b: Item, sort: Sort): boolean {
  if (sort === '') return a.id < b.id;
  const [first, second] = sort === 'price' ? [b, a] : [a, b];
  return first.price === second.price ? first.id < second.id : first.price < second.price;
}

export const readSort = (text: string): Sort => (text === 'price' || text === '-price' ? text : '');
