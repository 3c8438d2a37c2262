// Where somebody was before they were asked to sign in, and back there: a path of this site, whatever the link says.

const base = 'http://here';

/** The path, when it is one of ours; else the front page. */
export function safeNextPath(next: string | undefined): string {
  // A URL parser drops tabs and line ends and takes a backslash for a slash; so must we, or not let them in.
  if (!next?.startsWith('/') || /[\\\p{Cc}]/u.test(next)) return '/';
  const url = URL.canParse(next, base) ? new URL(next, base) : undefined;
  if (url?.origin !== base || url.pathname.startsWith('//')) return '/';
  if (/^\/sign(in|up|out)$/.test(url.pathname)) return '/';
  return url.pathname + url.search + url.hash;
}

/** The page to sign in at, from which one comes back to `path`. */
export const signInPath = (path: string, why?: 'session'): string =>
  `/signin?${new URLSearchParams({ next: safeNextPath(path), ...(why && { why }) }).toString()}`;
