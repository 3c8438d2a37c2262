// Pages: in order, a bounded number at a time, the next one through a `Link` header (RFC 8288).
import type { Request, Response } from 'express';
import { query, type ValidationChain } from 'express-validator';
import { isObjectId } from './validation';

const defaultLimit = 50;
const maxLimit = 100;

/** Where a page ended: its last item's sort key, which is unique only with its id. */
export interface Position {
  /** A whole number: milliseconds where the newest come first. */
  key: number;
  id: string;
}

// The cursor is opaque to clients; it holds key and id, so a page costs the same wherever it starts.
const encode = ({ key, id }: Position): string => `${key.toString(36)}-${id}`;

function decode(cursor: unknown): Position | undefined {
  if (typeof cursor !== 'string') return undefined;
  const [key, id, ...rest] = cursor.split('-');
  if (!key || !/^[0-9a-z]{1,9}$/.test(key) || !isObjectId(id) || rest.length > 0) return undefined;
  return { key: parseInt(key, 36), id };
}

/** The checks of `?limit=` and `?cursor=`. */
export const pageQuery: ValidationChain[] = [
  query('limit')
    .optional()
    .custom(
      (value) => typeof value === 'string' && /^\d{1,3}$/.test(value) && +value >= 1 && +value <= maxLimit,
    )
    .withMessage(`limit must be a whole number from 1 to ${maxLimit}.`),
  query('cursor')
    .optional()
    .custom((value) => decode(value) !== undefined)
    .withMessage('cursor must be taken from a Link header as it is.'),
];

/** The page asked for, after `pageQuery` has passed. */
export function pageOf(request: Request): { limit: number; after: Position | undefined } {
  const { limit, cursor } = request.query;
  return { limit: limit === undefined ? defaultLimit : Number(limit), after: decode(cursor) };
}

/** A MongoDB filter for what comes after a position when sorted by `newestFirst`. */
export function olderThan(after: Position | undefined) {
  if (!after) return {};
  const at = new Date(after.key);
  return { createdAt: { $lte: at }, $or: [{ createdAt: { $lt: at } }, { _id: { $lt: after.id } }] };
}

/** The order of every list that is not asked for another; each has an index that ends in it. */
export const newestFirst = { createdAt: -1, _id: -1 } as const;

/** A page as it is sent: a bare array, and where the next one begins, if there is one. */
export interface Page {
  body: Buffer;
  next: string | undefined;
}

/**
 * Ask the database for `limit + 1` items: the one too many tells that there is a next page, without counting.
 * @param keyOf what the items are sorted by, before their ids
 */
export function renderPage<T extends { _id: unknown; createdAt: Date }>(
  found: T[],
  limit: number,
  view: (item: T) => object,
  keyOf: (item: T) => number = ({ createdAt }) => createdAt.getTime(),
): Page {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    body: Buffer.from(JSON.stringify(items.map(view))),
    next: last && found.length > limit ? encode({ key: keyOf(last), id: String(last._id) }) : undefined,
  };
}

/** Answers a page; the next one through a `Link` header that keeps the rest of the query. */
export function sendPage(request: Request, response: Response, { body, next }: Page): void {
  if (next !== undefined) {
    // Only the first question mark begins the query; those after it belong to it.
    const parameters = new URLSearchParams(request.originalUrl.split('?').slice(1).join('?'));
    parameters.set('cursor', next);
    const path = `${request.baseUrl}${request.path === '/' ? '' : request.path}`;
    response.set('Link', `<${path}?${parameters.toString()}>; rel="next"`);
  }
  response.type('json').send(body);
}
