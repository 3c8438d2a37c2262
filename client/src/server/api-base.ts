// Where the API answers: one front door, or each service by itself, as inside a cluster.

/**
 * @param path of the API, such as `/api/orders/17`
 * @param setting one address for all, or `/api/orders=http://orders-srv:3000,…`: of the paths that fit, the longest
 * @throws Error when the setting has no address for this path
 */
export function apiBase(path: string, setting: string | undefined): string {
  if (!setting) throw new Error('API_BASE is missing: where the API answers, such as http://localhost:3000.');
  if (/^https?:/.test(setting)) return setting;
  const [best] = setting
    .split(',')
    .map((entry) => entry.trim().split('='))
    .filter(([prefix = '']) => isWithin(path, prefix))
    .sort(([a = ''], [b = '']) => b.length - a.length);
  if (!best?.[1]) throw new Error(`API_BASE has no address for ${path}.`);
  return best[1];
}

/** Whole elements of a path, as the Ingress compares them: /api/users is not within /api/use. */
function isWithin(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && /^([/?]|$)/.test(path.slice(prefix.length));
}
