// Two sorted streams of states, compared by key as they pass: the memory needed is that of one page of each.

/**
 * @typedef {{ key: string, state: unknown[] }} Entry
 * @typedef {{ key: string, own: string | null, copy: string | null }} Difference states as JSON; null is "not there"
 */

/**
 * @param {AsyncIterable<Entry>} own
 * @param {AsyncIterable<Entry>} copies both in the order of their keys
 * @returns {AsyncGenerator<Difference>}
 */
export async function* differences(own, copies) {
  const [a, b] = [own[Symbol.asyncIterator](), copies[Symbol.asyncIterator]()];
  try {
    let [here, there] = await Promise.all([a.next(), b.next()]);
    while (!here.done || !there.done) {
      const key = smallest(here, there);
      const isHere = !here.done && here.value.key === key;
      const isThere = !there.done && there.value.key === key;
      const difference = {
        key,
        own: isHere ? JSON.stringify(here.value.state) : null,
        copy: isThere ? JSON.stringify(there.value.state) : null,
      };
      if (difference.own !== difference.copy) yield difference;
      [here, there] = await Promise.all([isHere ? a.next() : here, isThere ? b.next() : there]);
    }
  } finally {
    // Whoever looks on no longer leaves no cursor open.
    await Promise.all([a.return?.(), b.return?.()]);
  }
}

/** @param {IteratorResult<Entry>} here @param {IteratorResult<Entry>} there */
function smallest(here, there) {
  if (here.done) return there.value.key;
  if (there.done) return here.value.key;
  return here.value.key < there.value.key ? here.value.key : there.value.key;
}
