// How a person names a part: `orders` is all its replicas, `orders/2` one of them.
import { PlainFailure } from '../failure.mjs';

/**
 * @template {{ name: string, replica: number }} T
 * @param {string} text
 * @param {readonly T[]} parts
 * @returns {T[]} never empty: an unknown name is refused with the names that there are
 */
export function selectParts(text, parts) {
  const [, name = '', replica] = /^([a-z]+)(?:\/([1-9]\d*))?$/.exec(text) ?? [];
  const selected = parts.filter(
    (part) => part.name === name && (replica === undefined || part.replica === Number(replica)),
  );
  if (selected.length > 0) return selected;
  throw new PlainFailure(`There is no part "${text}": the parts are ${partNames(parts).join(', ')}.`, {
    exitCode: 2,
  });
}

/**
 * @param {readonly { name: string, replica: number }[]} parts
 * @returns {string[]} `auth, orders, orders/1, orders/2, …`
 */
export function partNames(parts) {
  const names = [...new Set(parts.map((part) => part.name))];
  return names.flatMap((name) => {
    const replicas = parts.filter((part) => part.name === name);
    return replicas.length === 1 ? [name] : [name, ...replicas.map((part) => `${name}/${part.replica}`)];
  });
}

/**
 * What a person reads: `orders/2` where there are several, else `orders`.
 * @param {{ name: string, replica: number, of: number }} part
 */
export const partLabel = ({ name, replica, of }) => (of > 1 ? `${name}/${replica}` : name);
