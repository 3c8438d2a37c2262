// Traces for a collector, when there is one: spans of requests, of what is published and of what is received. Without
// OTEL_EXPORTER_OTLP_ENDPOINT OpenTelemetry's SDK is not even loaded.
import type { Cause } from '../events';
import type { Logger } from './logger';
import type * as OtlpSpans from './otlp-spans';
import type { Part } from './service';

/** Something that was done, and which trace it belongs to. */
export interface Span {
  /** As OpenTelemetry's conventions have it: `POST /api/orders`, `publish order:created`. */
  name: string;
  kind: 'server' | 'producer' | 'consumer';
  /** Its own place in the trace; `parent` is the place of what led to it. */
  cause: Cause;
  /** Milliseconds since 1970, with fractions. */
  startMs: number;
  endMs: number;
  attributes: Record<string, string | number>;
  /** What went wrong, if anything did. */
  error?: string;
}

/** Spans are handed over when they have ended: nothing is kept for what is still going on. */
export class Tracing implements Part {
  readonly name = 'tracing';
  private spans: OtlpSpans.OtlpSpans | undefined;

  /** @param endpoint the collector's address, OTLP over HTTP; undefined turns tracing off */
  constructor(
    private readonly service: { name: string; instance: string },
    private readonly endpoint: string | undefined,
    private readonly logger: Logger,
  ) {}

  get isOn(): boolean {
    return this.endpoint !== undefined;
  }

  start(): Promise<void> {
    if (this.endpoint === undefined) return Promise.resolve();
    // Loaded here and nowhere else: it takes 17 MB, which nobody should pay who looks at no traces.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { OtlpSpans: Spans } = require('./otlp-spans') as typeof OtlpSpans;
    this.spans = new Spans(this.service, this.endpoint, this.logger);
    return Promise.resolve();
  }

  /** Costs nothing when tracing is off; never throws and never waits. */
  add(span: Span): void {
    this.spans?.add(span);
  }

  /** Sends what has not been sent yet, for some seconds at most. */
  async stop(): Promise<void> {
    const { spans } = this;
    this.spans = undefined;
    await spans?.stop();
  }
}
