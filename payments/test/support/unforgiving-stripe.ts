// A way to Stripe that fails as Stripe does: the answer to an idempotency key is kept, a failure of Stripe's own too.
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { portOf } from './payments-under-test';

export class UnforgivingStripe {
  /** Where everything is passed on to that does not fail. */
  target = '';
  /** So many new keys are answered 500, now and whenever they come again. */
  failures = 0;
  private readonly failed = new Set<string>();
  private readonly passed = new Set<string>();
  private readonly server = createServer((incoming, response) => {
    this.answer(incoming, response);
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.server)}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(incoming: IncomingMessage, response: ServerResponse): void {
    const key = incoming.headers['idempotency-key'];
    if (typeof key === 'string' && this.isFailed(key)) {
      response.writeHead(500, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ error: { type: 'api_error', message: 'Something went wrong.' } }));
      return;
    }
    const { method, headers, url = '/' } = incoming;
    const outgoing = request(new URL(url, this.target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(outgoing);
  }

  private isFailed(key: string): boolean {
    if (!this.passed.has(key) && !this.failed.has(key)) {
      const isNextToFail = this.failures > 0;
      if (isNextToFail) this.failures--;
      (isNextToFail ? this.failed : this.passed).add(key);
    }
    return this.failed.has(key);
  }
}
