// Sends events, signed as Stripe signs them, until the receiver says 2xx or the attempts are used up.
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store, StoredEvent } from './store';

export interface WebhookOptions {
  url: string;
  secret: string;
  /** How often an event is sent at most (8). */
  attempts?: number | undefined;
  /** The pause after the first failure (250 ms); it doubles with each, up to half a minute. */
  firstDelayMs?: number | undefined;
}

const longestDelayMs = 30_000;
const answerWithinMs = 10_000;

/** The `Stripe-Signature` header: https://docs.stripe.com/webhooks#verify-manually */
export function signatureOf(payload: string, secret: string, seconds: number): string {
  const signature = createHmac('sha256', secret).update(`${seconds}.${payload}`).digest('hex');
  return `t=${seconds},v1=${signature}`;
}

export class Webhooks {
  private readonly stopped = new AbortController();

  constructor(
    private readonly store: Store,
    private readonly options: WebhookOptions,
    private readonly log: (line: string) => void,
  ) {}

  /** What a killed process had not delivered is sent after the restart. */
  resume(): void {
    this.send(this.store.all('events').filter((event) => event.pending_webhooks > 0));
  }

  send(events: Iterable<StoredEvent>): void {
    for (const event of events) {
      this.deliver(event).catch((error: unknown) => {
        if (!this.stopped.signal.aborted) this.log(`webhook ${event.id} (${event.type}): ${String(error)}`);
      });
    }
  }

  stop(): void {
    this.stopped.abort();
  }

  private async deliver(event: StoredEvent): Promise<void> {
    const { attempts = 8, firstDelayMs = 250 } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      const failure = await this.post(event);
      if (failure === undefined) break;
      if (attempt >= attempts) throw new Error(`given up after ${attempts} attempts: ${failure}`);
      const delayMs = Math.min(firstDelayMs * 2 ** (attempt - 1), longestDelayMs);
      await sleep(delayMs, undefined, { signal: this.stopped.signal });
    }
    const changes = this.store.begin();
    changes.put('events', { ...event, pending_webhooks: 0 });
    this.store.commit(changes);
  }

  /** Why it was not delivered, or undefined. Every attempt has a signature of its own, with its own time. */
  private async post(event: StoredEvent): Promise<string | undefined> {
    const payload = JSON.stringify(event, null, 2);
    const signature = signatureOf(payload, this.options.secret, Math.floor(Date.now() / 1000));
    try {
      const response = await fetch(this.options.url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'Stripe-Signature': signature,
          'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
        body: payload,
        redirect: 'manual',
        signal: AbortSignal.any([this.stopped.signal, AbortSignal.timeout(answerWithinMs)]),
      });
      await response.arrayBuffer();
      return response.ok ? undefined : `answered ${response.status}`;
    } catch (error) {
      this.stopped.signal.throwIfAborted();
      return String(error);
    }
  }
}
