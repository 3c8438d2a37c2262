// The marketplace's HTTP API as the client sees it: what it answers, and one way to ask that server and browser share.

export interface User {
  id: string;
  email: string;
}

export interface Ticket {
  id: string;
  title: string;
  /** Decimal US dollars. */
  price: number;
  /** The seller. */
  userId: string;
  version: number;
  /** While it is held, and once it is sold. */
  orderId?: string;
  soldAt?: string;
}

/** Of all of a seller's listings: how many, and what their prices add up to. */
export type Totals = Record<'available' | 'held' | 'sold', { count: number; total: number }>;

export interface Order {
  id: string;
  status: 'created' | 'awaiting:payment' | 'complete' | 'cancelled';
  expiresAt: string;
  version: number;
  createdAt?: string;
  /** Of a cancelled one, where the reason is known. */
  cancelReason?: 'expired' | 'cancelled';
  cancelledAt?: string;
  ticket: { id: string; title: string; price: number };
}

export interface Refusal {
  message: string;
  code: string;
  field?: string;
}

interface Heard {
  /** 0 when there was no answer. */
  status: number;
  /** The service's clock, to the second, and our own when we asked and when we heard: see orders/server-clock.ts. */
  serverTime: number | undefined;
  sentAt: number;
  heardAt: number;
}

export interface Success<T> extends Heard {
  ok: true;
  body: T;
  /** Of a list: where its next page begins. */
  nextCursor: string | undefined;
}

export interface Failure extends Heard {
  ok: false;
  errors: readonly [Refusal, ...Refusal[]];
}

export type Answer<T> = Success<T> | Failure;

/** Asks the API. Never throws: no answer is an answer, too. */
export type Api = <T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
) => Promise<Answer<T>>;

const noAnswer: Refusal = {
  code: 'client.no_answer',
  message: 'We got no answer. Check your connection and try again.',
};

export const codeOf = (failure: Failure): string => failure.errors[0].code;
export const isSignedOut = (answer: Answer<unknown>): boolean =>
  !answer.ok && codeOf(answer) === 'session.not_signed_in';

/** What came back, as an answer. `text` is undefined when nothing did. */
export function readAnswer<T>(
  status: number,
  header: (name: string) => string | null | undefined,
  text: string | undefined,
  sentAt: number,
): Answer<T> {
  const date = Date.parse(header('date') ?? '');
  const heard = { status, serverTime: Number.isNaN(date) ? undefined : date, sentAt, heardAt: Date.now() };
  const body = parse(text);
  if (status >= 200 && status < 300 && (body !== undefined || status === 204)) {
    const next = /<([^>]+)>; rel="next"/.exec(header('link') ?? '')?.[1];
    const nextCursor = next && (new URL(next, 'http://api').searchParams.get('cursor') ?? undefined);
    return { ...heard, ok: true, body: body as T, nextCursor };
  }
  const errors = (body as { errors?: Refusal[] } | undefined)?.errors ?? [];
  return { ...heard, ok: false, errors: [errors[0] ?? noAnswer, ...errors.slice(1)] };
}

/** Whatever stood in the way, as JSON or as a proxy's page of HTML, is told by the status. */
function parse(text: string | undefined): unknown {
  try {
    return text ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

const tries = 6;
const pauseMs = 250;

/**
 * A service hears of another's news some milliseconds later: what was listed or ordered a moment ago may be unknown
 * there. Such a refusal has changed nothing, so asking again is safe.
 */
export async function askUntilKnown<T>(
  unknownCode: string,
  ask: () => Promise<Answer<T>>,
): Promise<Answer<T>> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask();
    if (answer.ok || codeOf(answer) !== unknownCode || attempt === tries) return answer;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
