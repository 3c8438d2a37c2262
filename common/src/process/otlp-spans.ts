// The only file that knows OpenTelemetry's SDK; see tracing.ts for when it is loaded.
import { SpanKind, SpanStatusCode, TraceFlags, type HrTime, type SpanContext } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from './logger';
import { pause } from './pause';
import type { Span } from './tracing';

const kinds = { server: SpanKind.SERVER, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER };
const exportTimeoutMs = 5000;
const stopTimeoutMs = 3000;
const complainEveryMs = 60_000;

/** Batches spans and sends them as JSON; with the collector away the oldest are dropped, and memory stays bounded. */
export class OtlpSpans {
  private readonly processor: BatchSpanProcessor;
  private readonly resource;

  constructor(
    service: { name: string; instance: string },
    endpoint: string,
    private readonly logger: Logger,
  ) {
    this.resource = resourceFromAttributes({
      'service.name': service.name,
      'service.namespace': 'ticketing',
      'service.instance.id': service.instance,
    });
    const exporter = new OTLPTraceExporter({
      url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
      timeoutMillis: exportTimeoutMs,
    });
    this.processor = new BatchSpanProcessor({
      exporter: complaining(exporter, logger),
      maxQueueSize: 4096,
      maxExportBatchSize: 512,
      scheduledDelayMillis: 1000,
      exportTimeoutMillis: exportTimeoutMs,
    });
  }

  add({ name, kind, cause, startMs, endMs, attributes, error }: Span): void {
    const context = contextOf(cause.traceparent, false);
    // Whoever began the trace may have decided against recording it.
    if ((context.traceFlags & TraceFlags.SAMPLED) === 0) return;
    const span: ReadableSpan = {
      name,
      kind: kinds[kind],
      spanContext: () => context,
      ...(cause.parent !== undefined && { parentSpanContext: contextOf(cause.parent, true) }),
      startTime: timeOf(startMs),
      endTime: timeOf(endMs),
      duration: timeOf(Math.max(0, endMs - startMs)),
      status:
        error === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: error },
      attributes,
      links: [],
      events: [],
      ended: true,
      resource: this.resource,
      instrumentationScope: { name: '@ticketing/common' },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
    this.processor.onEnd(span);
  }

  async stop(): Promise<void> {
    const deadline = new AbortController();
    try {
      await Promise.race([this.processor.shutdown(), pause(stopTimeoutMs, deadline.signal)]);
    } catch (error) {
      // Told already, by the exporter; the service's own end must not fail for it.
      this.logger.debug({ err: error }, 'the last traces could not be sent');
    } finally {
      deadline.abort();
    }
  }
}

/** A collector that is away is told once a minute, not with every batch. */
function complaining(exporter: SpanExporter, logger: Logger): SpanExporter {
  let complainedAt = -Infinity;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error && Date.now() - complainedAt > complainEveryMs) {
          complainedAt = Date.now();
          logger.warn({ err: result.error, spans: spans.length }, 'traces could not be sent');
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

/** `00-<trace>-<span>-<flags>`, already checked. */
const contextOf = (traceparent: string, isRemote: boolean): SpanContext => ({
  traceId: traceparent.slice(3, 35),
  spanId: traceparent.slice(36, 52),
  traceFlags: Number.parseInt(traceparent.slice(53), 16),
  isRemote,
});

function timeOf(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}
