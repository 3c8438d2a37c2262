// Refusals: the 4xx answers of the HTTP contract, each a class with a stable code.

/** One entry of the error body every service answers with: `{"errors":[{message, field?, code}]}`. */
export interface ErrorItem {
  message: string;
  field?: string;
  code: string;
}

/** A request refused for a reason its sender can understand and act on. */
export class Refusal extends Error {
  /** When asking again may have another answer: the header `Retry-After`. */
  readonly retryAfterSeconds?: number;
  constructor(
    readonly status: number,
    readonly items: ErrorItem[],
  ) {
    super(items[0]?.message ?? 'Refused');
    this.name = new.target.name;
  }
}

/**
 * Declares one refusal as a class, so that a service's refusals read as a table.
 *
 * @param status HTTP status of the answer
 * @param code stable, `<service>.<fact>`; listed in the README, which a test compares
 * @param message what a person is told
 * @param field the input it is about, when it is about one
 * @example
 * export const TicketNotFound = refusal(404, 'tickets.not_found', 'There is no such ticket.');
 * throw new TicketNotFound();
 */
export function refusal(status: number, code: string, message: string, field?: string) {
  return class extends Refusal {
    static readonly status = status;
    static readonly code = code;
    static readonly message = message;
    /** @param detail what a person is told instead, where more is known */
    constructor(detail: string = message) {
      super(status, [{ message: detail, ...(field === undefined ? {} : { field }), code }]);
    }
  };
}

export const NotSignedIn = refusal(401, 'session.not_signed_in', 'Please sign in first.');
export const RouteNotFound = refusal(404, 'request.route_not_found', 'There is nothing at this address.');
export const MalformedJson = refusal(400, 'request.malformed_json', 'The body is not valid JSON.');
export const BodyTooLarge = refusal(413, 'request.too_large', 'The body is larger than 100 kB.');
export const UnsupportedBody = refusal(415, 'request.unsupported_body', 'The body must be plain UTF-8 JSON.');
export const MalformedRequest = refusal(400, 'request.malformed', 'The request could not be understood.');
export const HeadersTooLarge = refusal(
  431,
  'request.headers_too_large',
  'The headers are larger than 16 kB.',
);
export const CrossSite = refusal(403, 'request.cross_site', 'This was sent from another site.');
export const ServerFault = refusal(
  500,
  'server.fault',
  'Something went wrong on our side. Please try again.',
);
export const ServerUnavailable = refusal(
  503,
  'server.unavailable',
  'We cannot answer at the moment. Please try again in a few seconds.',
);

/** Somebody does something too often. */
export class TooManyRequests extends refusal(
  429,
  'request.too_many',
  'That was too often. Please wait a little, then try again.',
) {
  constructor(override readonly retryAfterSeconds: number) {
    super();
  }
}

export const BadIdempotencyKey = refusal(
  400,
  'request.bad_idempotency_key',
  'An Idempotency-Key has 1 to 255 printable characters of ASCII and no blanks.',
);
export const IdempotencyKeyReused = refusal(
  422,
  'request.idempotency_key_reused',
  'This Idempotency-Key was sent with another request.',
);
/** Another request with the same key is being worked on. */
export class IdempotencyInFlight extends refusal(
  409,
  'request.idempotency_in_flight',
  'A request with this Idempotency-Key is being worked on.',
) {
  override readonly retryAfterSeconds = 1;
}

/** Input that does not fit the contract: one item for each field that is wrong. */
export class InvalidInput extends Refusal {
  static readonly status = 400;
  static readonly code = 'request.invalid';
  static readonly message = 'A field is missing or wrong; `field` names it.';
  constructor(problems: { message: string; field: string }[]) {
    super(
      400,
      problems.map(({ message, field }) => ({ message, field, code: InvalidInput.code })),
    );
  }
}
