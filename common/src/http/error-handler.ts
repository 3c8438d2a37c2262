// The one place where an error becomes an answer.
import type { ErrorRequestHandler } from 'express';
import { causeOf, traceIdOf } from '../events';
import type { Logger } from '../process/logger';
import {
  BodyTooLarge,
  MalformedJson,
  MalformedRequest,
  Refusal,
  ServerFault,
  ServerUnavailable,
  UnsupportedBody,
} from './refusal';
import { isUnavailable } from '../process/unavailable';

/** What express and its body parser throw: http-errors with a `status` and, for bodies, a `type`. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isUnavailable(error)) return new ServerUnavailable();
  const { status, type } = (error ?? {}) as { status?: unknown; type?: unknown };
  if (type === 'entity.too.large') return new BodyTooLarge();
  if (status === 415) return new UnsupportedBody();
  if (type === 'entity.parse.failed') return new MalformedJson();
  if (typeof status === 'number' && status >= 400 && status < 500) return new MalformedRequest();
  return new ServerFault();
}

/** Answers every error in the contract's shape; an unknown one is a 500 that tells the log, not the caller. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const refusal = refusalOf(error);
    if (refusal.status >= 500) {
      logger.error(
        {
          err: error,
          requestId: request.id,
          traceId: traceIdOf(causeOf(request)),
          method: request.method,
          url: request.url,
        },
        'request failed',
      );
    }
    if (response.headersSent) {
      next(error);
      return;
    }
    const retryAfter = refusal.retryAfterSeconds ?? (refusal.status === 503 ? 2 : undefined);
    if (retryAfter !== undefined) response.set('Retry-After', String(retryAfter));
    response.status(refusal.status).json({ errors: refusal.items });
  };
}
