// How a service says what its routes take and answer: the table that its OpenAPI document is made from.
import { z } from 'zod';
import type { Refusal } from '../http/refusal';

/** A refusal as `refusal()` declares it; the document takes status, code and sentence from the class itself. */
export interface RefusalClass {
  new (...args: never[]): Refusal;
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export interface Answer {
  description: string;
  /** None for an answer without a body. */
  schema?: z.ZodType;
  /** `application/json` unless told. */
  mediaType?: string;
  /** Headers worth knowing, by name: what they say. */
  headers?: Record<string, string>;
}

export interface Operation {
  /** Stable: generated clients name their functions after it. */
  id: string;
  summary: string;
  description?: string;
  /** `needed`: nobody else is answered (401 is documented by itself); `used`: it makes a difference. */
  session?: 'needed' | 'used';
  /** It goes by no cookie, and other sites may call it: see createApp's `crossSite`. */
  isForOtherSites?: boolean;
  /** It takes an `Idempotency-Key`: see `idempotently`. */
  takesKey?: boolean;
  query?: Record<string, z.ZodType>;
  headers?: Record<string, z.ZodType>;
  body?: z.ZodType;
  /** It is taken as it comes, bytes signed by its sender: nothing else is checked of it than its size. */
  isBodyRaw?: boolean;
  /** What is answered when all goes well, by status. */
  answers: Record<number, Answer>;
  /** Beside those that every operation of its kind has: see refusals-of.ts. */
  refuses?: readonly RefusalClass[];
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Api {
  /** Where the routes are mounted: `/api/tickets`. */
  path: string;
  title: string;
  description: string;
  /** By method and express's path below `path`: `GET /:id`. */
  operations: Record<`${Method} /${string}`, Operation>;
}

/** Every id: a MongoDB ObjectId in hexadecimal digits. */
export const id = z
  .string()
  .regex(/^[0-9a-f]{24}$/)
  .meta({ id: 'Id', description: '24 hexadecimal digits.', examples: ['65f1c0ffee0ddba11c0ffee0'] });

/** An id as it may be sent: read as lower case. */
export const idInput = z
  .string()
  .regex(/^[0-9a-fA-F]{24}$/)
  .meta({ id: 'IdInput', description: 'An id, whatever its case.', examples: ['65f1c0ffee0ddba11c0ffee0'] });

/** How often the thing has changed since it was made. */
export const version = z.int().min(0).describe('Counts the changes since it was made, from 0.');

/** An instant in UTC. */
export const instant = z.iso.datetime().meta({ examples: ['2026-11-21T12:00:00.000Z'] });

/** What `pageQuery` reads. */
export const pageParameters = {
  limit: z.int().min(1).max(100).default(50).describe('How many at most.'),
  cursor: z
    .string()
    .optional()
    .describe('Where the page begins: taken from a Link header as it is, never made up.'),
};

/** What `sendPage` answers. */
export const pageAnswer = (description: string, item: z.ZodType): Answer => ({
  description,
  schema: z.array(item),
  headers: { Link: 'Where the next page is (`rel="next"`, RFC 8288); absent on the last page.' },
});

/** Checks nothing at run time: it gives the table its type. */
export const defineApi = (api: Api): Api => api;
