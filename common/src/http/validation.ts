// Requests are checked by express-validator; what does not fit is refused field by field.
import type { RequestHandler } from 'express';
import { body, validationResult, type ValidationChain } from 'express-validator';
import { InvalidInput } from './refusal';

/** Runs the chains and refuses with InvalidInput; read the checked values with `matchedData(request)`. */
export function validate(...chains: ValidationChain[]): RequestHandler {
  return async (request, _response, next) => {
    for (const chain of chains) await chain.run(request);
    const problems = validationResult(request).array({ onlyFirstError: true });
    if (problems.length > 0) {
      throw new InvalidInput(
        problems.map((problem) => ({
          message: String(problem.msg),
          field: problem.type === 'field' ? problem.path : 'request',
        })),
      );
    }
    next();
  };
}

/** 24 hexadecimal digits: the form of every id here (a MongoDB ObjectId). */
export const isObjectId = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value);

/** A body field that must hold an id; read as lower case, the one form in which ids are stored. */
export const idField = (name: string): ValidationChain =>
  body(name).custom(isObjectId).withMessage(`${name} must be an id of 24 hexadecimal digits.`).toLowerCase();

/** Throws `NotFound` when a path parameter is no id: nothing can be stored there. */
export const idParam =
  (name: string, NotFound: new () => Error): RequestHandler =>
  (request, _response, next) => {
    if (!isObjectId(request.params[name])) throw new NotFound();
    next();
  };
