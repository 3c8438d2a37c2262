// Pages: newest first, a bounded number at a time, the next one through a `Link` header (RFC 8288).
import type { Request, Response } from 'express';
import { query, type ValidationChain } from 'express-validator';
import { isObjectId } from './validation';

const defaultLimit = 50;
const maxLimit = 100;

/** Where a page ended: the sort key of its last item, which is unique by its id. */
export interface Position {
  createdAt: Date;
  id: string;
}

// The cursor is opaque to clients; it holds milliseconds and id, so a page costs the same wherever it starts.
const encode = ({ createdAt, id }: Position): string => `${createdAt.getTime().toString(36)}-${id}`;

function decode(cursor: unknown): Position | undefined {
  if (typeof cursor !== 'string') return undefined;
  const [time, id, ...rest] = cursor.split('-');
  if (!time || !/^[0-9a-z]{1,9}$/.test(time) || !isObjectId(id) || rest.length > 0) return undefined;
  return { createdAt: new Date(parseInt(time, 36)), id };
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
export const olderThan = (after: Position | undefined) =>
  after
    ? {
        createdAt: { $lte: after.createdAt },
        $or: [{ createdAt: { $lt: after.createdAt } }, { _id: { $lt: after.id } }],
      }
    : {};

/** The one order of every list; each list has an index that ends in it. */
export const newestFirst = { createdAt: -1, _id: -1 } as const;

/** A page as it is sent: a bare array, and where the next one begins, if there is one. */
export interface Page {
  body: Buffer;
  next: string | undefined;
}

/**
 * Ask the database for `limit + 1` items: the one too many tells that there is a next page, without counting.
 */
export function renderPage<T extends { _id: unknown; createdAt: Date }>(
  found: T[],
  limit: number,
  view: (item: T) => object,
): Page {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    body: Buffer.from(JSON.stringify(items.map(view))),
    next:
      last && found.length > limit ? encode({ createdAt: last.createdAt, id: String(last._id) }) : undefined,
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
