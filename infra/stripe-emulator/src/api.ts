// One request to Stripe's API from key to answer: authentication, idempotency, lock, work, commit.
import { setTimeout as sleep } from 'node:timers/promises';
import { refusal, replay, result, type ApiAnswer } from './answers';
import { checkApiKey } from './api-keys';
import { invalidRequest, StripeApiError, unrecognizedUrl } from './errors';
import { expand } from './expand';
import type { FaultPlan } from './faults';
import { fingerprintOf, parseForm } from './form';
import { IdempotencyKeys, type KeyedRequest } from './idempotency';
import { newId } from './ids';
import { Locks } from './locks';
import { Params } from './params';
import { findRoute, type Route, type UseCase } from './routes';
import type { Store } from './store';
import type { Webhooks } from './webhooks';
import type { Work } from './work';

export interface ApiRequest {
  method: string;
  path: string;
  /** The query of a GET, the body of a POST: both are form-encoded. */
  encoded: string;
  contentType: string | undefined;
  authorization: string | undefined;
  idempotencyKey: string | undefined;
  apiVersion: string;
  baseUrl: string;
}

export interface Job extends Pick<Work, 'params' | 'id' | 'apiVersion' | 'baseUrl' | 'request'> {
  handle: UseCase;
  lock: Route['lock'];
}

export class Api {
  private readonly locks: Locks;
  private readonly keys: IdempotencyKeys;

  constructor(
    private readonly store: Store,
    private readonly faults: FaultPlan,
    private readonly webhooks: Webhooks | undefined,
    private readonly now: () => number,
    lockTimeoutMs: number,
  ) {
    this.locks = new Locks(lockTimeoutMs);
    this.keys = new IdempotencyKeys(store, now);
  }

  async answer(request: ApiRequest): Promise<ApiAnswer> {
    const requestId = newId('req_');
    const { idempotencyKey: key } = request;
    const headers = { 'Request-Id': requestId, ...(key === undefined ? {} : { 'Idempotency-Key': key }) };
    const answer = await this.attempt(request, requestId).catch(refusal);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }

  private async attempt(request: ApiRequest, requestId: string): Promise<ApiAnswer> {
    checkApiKey(request.authorization);
    if (request.method === 'POST' && this.faults.take('failNext')) {
      throw new Error('a rehearsed fault (failNext).');
    }
    const job = prepare(request, requestId);
    if (request.method === 'GET') return this.perform(job);
    const { idempotencyKey: key, path } = request;
    if (key === undefined) return this.perform(job);

    const keyed = { key, path, fingerprint: fingerprintOf(request.encoded) };
    const saved = this.keys.begin(keyed);
    if (saved !== undefined) return replay(saved);
    try {
      return await this.perform(job, keyed);
    } finally {
      this.keys.finish(keyed);
    }
  }

  /** The work, what it changed, its answer and the key that is kept for: all in a single commit. */
  async perform(job: Job, keyed?: KeyedRequest): Promise<ApiAnswer> {
    return this.locks.hold(job.lock?.(this.newWork(job)), async () => {
      const { latencyMs } = this.faults.current;
      if (latencyMs > 0) await sleep(latencyMs);
      const work = this.newWork(job);
      const answer = await runToAnswer(job, work);
      if (keyed !== undefined) {
        const { key: id, path, fingerprint } = keyed;
        const { status, body } = answer;
        const savedAt = this.now();
        const requestId = job.request.id;
        work.changes.put('idempotency_keys', { id, path, fingerprint, requestId, status, body, savedAt });
      }
      this.store.commit(work.changes);
      this.webhooks?.send(work.changes.staged.events.values());
      return answer;
    });
  }

  private newWork({ params, id, apiVersion, baseUrl, request }: Job): Work {
    return {
      params,
      id,
      apiVersion,
      baseUrl,
      request,
      changes: this.store.begin(),
      now: Math.floor(this.now() / 1000),
      pendingWebhooks: this.webhooks === undefined ? 0 : 1,
    };
  }
}

/** A refusal that keeps nothing is thrown on; one that Stripe keeps is an answer like any other. */
async function runToAnswer({ handle }: Job, work: Work): Promise<ApiAnswer> {
  try {
    return result(await handle(work));
  } catch (error) {
    if (error instanceof StripeApiError && error.isSaved) return refusal(error);
    throw error;
  }
}

function prepare(request: ApiRequest, requestId: string): Job {
  const { method, path, encoded, contentType, apiVersion, baseUrl, idempotencyKey } = request;
  const found = findRoute(method, path);
  if (found === undefined) throw unrecognizedUrl(method, path);
  if (encoded !== '' && method === 'POST') checkContentType(contentType);
  const params = new Params(parseForm(encoded));
  const expansions = params.list('expand') ?? [];
  return {
    handle: async (work) => expand(await found.route.handle(work), expansions, work.changes),
    lock: found.route.lock,
    params,
    id: found.id,
    apiVersion,
    baseUrl,
    request: { id: requestId, idempotencyKey },
  };
}

function checkContentType(contentType = ''): void {
  if (contentType.startsWith('application/x-www-form-urlencoded')) return;
  throw invalidRequest(
    'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any ' +
      'questions, we can help at https://support.stripe.com/.',
  );
}
