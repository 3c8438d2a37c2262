// What has happened to a list since it was shown, for a page that does not move under the reader's eyes.

export interface ListNews {
  /** How many were listed since. */
  added: number;
  /** Those shown that can no longer be bought. */
  gone: ReadonlySet<string>;
}

interface Item {
  id: string;
}

/**
 * Newest first, both. What is above all that is known is new; what stands between is back from a hold; and what has
 * slid in from below tells nothing. Where the fetched list ends before the shown one, it says nothing of the rest.
 */
export function compareLists(shown: readonly Item[], fetched: readonly Item[], isWhole: boolean): ListNews {
  const now = new Set(fetched.map(({ id }) => id));
  const before = new Set(shown.map(({ id }) => id));
  const firstKnown = fetched.findIndex(({ id }) => before.has(id));
  const oldest = fetched.at(-1)?.id ?? '';
  const isCovered = ({ id }: Item): boolean => isWhole || id >= oldest;
  return {
    added: firstKnown === -1 ? fetched.filter(({ id }) => id > (shown[0]?.id ?? '')).length : firstKnown,
    gone: new Set(shown.filter((item) => !now.has(item.id) && isCovered(item)).map(({ id }) => id)),
  };
}
