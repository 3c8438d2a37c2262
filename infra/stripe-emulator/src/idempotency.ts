// Idempotency keys as Stripe has them: the first answer is kept for 24 hours and given again, errors included.
import { StripeApiError } from './errors';
import type { SavedAnswer, Store } from './store';

const table = 'idempotency_keys';
const keptMs = 24 * 60 * 60 * 1000;

export interface KeyedRequest {
  key: string;
  path: string;
  fingerprint: string;
}

const misused = (message: string): StripeApiError =>
  new StripeApiError(400, { type: 'idempotency_error', message });

export class IdempotencyKeys {
  private readonly inUse = new Map<string, KeyedRequest>();

  constructor(
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  /**
   * The answer given before; or undefined, and the key is in use until `finish`.
   * Nothing may be awaited between the two checks: of two requests with one key, one works.
   */
  begin(request: KeyedRequest): SavedAnswer | undefined {
    const { key } = request;
    if (key.length > 255) throw misused('Idempotency keys can have up to 255 characters.');
    const saved = this.answerOf(key);
    const current = this.inUse.get(key);
    if (saved !== undefined) checkSame(saved, request);
    if (current !== undefined) {
      checkSame(current, request);
      throw new StripeApiError(409, {
        type: 'invalid_request_error',
        code: 'idempotency_key_in_use',
        message:
          'There is currently another in-progress request using this Idempotent Key (that probably means you ' +
          `submitted twice, and the other request is still going through): ${key}. Please try again later.`,
      });
    }
    if (saved === undefined) this.inUse.set(key, request);
    return saved;
  }

  finish({ key }: KeyedRequest): void {
    this.inUse.delete(key);
  }

  private answerOf(key: string): SavedAnswer | undefined {
    for (let oldest = this.store.oldest(table); this.isOver(oldest); oldest = this.store.oldest(table)) {
      this.store.forget(table, oldest.id);
    }
    const saved = this.store.get(table, key);
    if (this.isOver(saved)) return undefined;
    return saved;
  }

  private isOver(saved: SavedAnswer | undefined): saved is SavedAnswer {
    return saved !== undefined && this.now() - saved.savedAt >= keptMs;
  }
}

function checkSame(
  first: { path: string; fingerprint: string },
  { key, path, fingerprint }: KeyedRequest,
): void {
  const hint = `Try using a key other than '${key}' if you meant to execute a different request.`;
  if (first.path !== path) {
    throw misused(
      `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${path}' vs ` +
        `'${first.path}'). ${hint}`,
    );
  }
  if (first.fingerprint === fingerprint) return;
  throw misused(
    `Keys for idempotent requests can only be used with the same parameters they were first used with. ${hint}`,
  );
}
