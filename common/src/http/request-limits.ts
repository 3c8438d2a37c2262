// How much a request may ask us to look at, beyond the 100 kB of its body and the 16 kB of its headers.
import type { RequestHandler } from 'express';
import { MalformedRequest } from './refusal';

const maxDepth = 10;
const maxParameters = 30;

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeper(inner, depth - 1));
}

/** No body of the contract is nested deeper than two levels, and no query has more than four parameters. */
export const limitRequest: RequestHandler = (request, _response, next) => {
  const query = request.url.indexOf('?');
  if (query !== -1 && request.url.slice(query).split('&', maxParameters + 1).length > maxParameters) {
    throw new MalformedRequest('The address has too many parameters.');
  }
  if (isDeeper(request.body, maxDepth)) throw new MalformedRequest('The body is nested too deeply.');
  next();
};
