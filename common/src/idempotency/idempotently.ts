// A request that is sent twice with the same Idempotency-Key is carried out once, and answered the same both times
// (draft-ietf-httpapi-idempotency-key-header; Stripe's API).
import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { BadIdempotencyKey, IdempotencyInFlight, IdempotencyKeyReused, Refusal } from '../http/refusal';
import { userOf } from '../http/session';
import type { Logger } from '../process/logger';
import type { Claim, IdempotencyKeys, KeptAnswer } from './idempotency-keys';

export interface Answer {
  status: number;
  body: object;
}

/** What a use case must know to be carried out once. */
export interface Once {
  /** The id (an ObjectId) that what it makes must have: the same each time. */
  id: string;
  /** It was begun before, and what it makes may be there. */
  isAgain: boolean;
}

export interface IdempotentlyOptions {
  keys: IdempotencyKeys;
  logger: Logger;
  /** Codes of refusals that decide nothing: the same request may be answered otherwise in a moment. */
  undecided?: readonly string[];
}

// What these say stays true. 404 does not: what is asked for may be on its way from another service.
const decidedStatuses = [400, 401, 403];

/** In quotes, as the draft has it, or bare, as Stripe's clients send it. */
function keyIn(header: string): string {
  const [, key] =
    /^"([\x21\x23-\x7e]{1,255})"$/.exec(header) ?? /^([\x21\x23-\x7e]{1,255})$/.exec(header) ?? [];
  if (key === undefined) throw new BadIdempotencyKey();
  return key;
}

const digest = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

/** The same JSON whatever the order of its fields. */
const canonical = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, inner]) => [name, canonical(inner)]);

/**
 * Wraps the last handler of a route that makes something, after its session and its body were checked. Without the header
 * it costs nothing.
 *
 * @param handle carries the request out; given `once`, what it makes must have that id
 * @example
 * router.post('/', requireUser, validate(…), idempotently({ keys, logger }, async (request, once) => …));
 */
export function idempotently(
  options: IdempotentlyOptions,
  handle: (request: Request, once: Once | undefined) => Promise<Answer>,
): RequestHandler {
  return async (request: Request, response: Response) => {
    const header = request.headers['idempotency-key'];
    if (header === undefined) {
      const { status, body } = await handle(request, undefined);
      response.status(status).json(body);
      return;
    }
    const id = digest(
      userOf(request).id,
      request.method,
      request.baseUrl + request.path,
      keyIn(String(header)),
    );
    const begun = await options.keys.begin(id, digest(JSON.stringify(canonical(request.body))));
    if (begun.is === 'another request') throw new IdempotencyKeyReused();
    if (begun.is === 'in flight') throw new IdempotencyInFlight();
    if (begun.is === 'answered') response.set('Idempotent-Replayed', 'true');
    const answer =
      begun.is === 'answered' ? begun.answer : await carryOut(options, begun.claim, request, handle);
    response.status(answer.status).type('json').send(answer.body);
  };
}

async function carryOut(
  { keys, logger, undecided = [] }: IdempotentlyOptions,
  claim: Claim,
  request: Request,
  handle: (request: Request, once: Once) => Promise<Answer>,
): Promise<KeptAnswer> {
  const isDecided = (error: unknown): error is Refusal =>
    error instanceof Refusal &&
    decidedStatuses.includes(error.status) &&
    !error.items.some(({ code }) => undecided.includes(code));
  let answer: KeptAnswer;
  try {
    const { status, body } = await handle(request, { id: claim.madeId, isAgain: claim.isAgain });
    answer = { status, body: JSON.stringify(body) };
  } catch (error) {
    if (!isDecided(error)) {
      await unlessAway(logger, keys.release(claim));
      throw error;
    }
    answer = { status: error.status, body: JSON.stringify({ errors: error.items }) };
  }
  return (await unlessAway(logger, keys.keep(claim, answer))) ?? answer;
}

/** Something was done or refused, and that is to be told, kept or not: its key is held until its lease ends, and then begun again. */
async function unlessAway<T>(logger: Logger, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    logger.warn({ err: error }, 'what became of an Idempotency-Key could not be kept');
    return undefined;
  }
}
