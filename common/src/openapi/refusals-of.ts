// Why an operation may refuse: its own reasons, and those that every one of its kind has.
import {
  BadIdempotencyKey,
  BodyTooLarge,
  CrossSite,
  IdempotencyInFlight,
  IdempotencyKeyReused,
  InvalidInput,
  MalformedJson,
  MalformedRequest,
  NotSignedIn,
  ServerFault,
  ServerUnavailable,
  UnsupportedBody,
} from '../http/refusal';
import type { Operation, RefusalClass } from './define-api';

/** @param route as the table has it: `GET /:id` */
export function refusalsOf(route: string, operation: Operation): RefusalClass[] {
  const { body, query, session, isBodyRaw, isForOtherSites, takesKey, refuses = [] } = operation;
  const isBodyRead = body !== undefined && !isBodyRaw;
  const isChange = !route.startsWith('GET ');
  return [
    ...new Set<RefusalClass>([
      ...(session === 'needed' ? [NotSignedIn] : []),
      ...(isBodyRead || query ? [InvalidInput] : []),
      MalformedRequest,
      ...(isBodyRead ? [MalformedJson] : []),
      ...(body ? [BodyTooLarge, UnsupportedBody] : []),
      ...(isChange && !isForOtherSites ? [CrossSite] : []),
      ...(takesKey ? [BadIdempotencyKey, IdempotencyKeyReused, IdempotencyInFlight] : []),
      ...refuses,
      ServerFault,
      ServerUnavailable,
    ]),
  ];
}
