// What a trace shows of an event on its way, by OpenTelemetry's conventions for messaging
// (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/).
import { newCause, type Cause, type CloudEvent } from './contract';
import type { Span } from '../process/tracing';

const attributesOf = (event: CloudEvent<unknown>, operation: 'send' | 'process') => ({
  'messaging.system': 'nats_streaming',
  'messaging.destination.name': event.type,
  'messaging.operation.type': operation,
  'messaging.message.id': `${event.source} ${event.id}`,
});

/** The broker has confirmed the event. */
export const publishSpan = (event: CloudEvent<unknown>, startMs: number): Span => ({
  name: `publish ${event.type}`,
  kind: 'producer',
  cause: newCause(event.traceparent),
  startMs,
  endMs: Date.now(),
  attributes: { ...attributesOf(event, 'send'), 'messaging.operation.name': 'publish' },
});

/** A listener has handled the event, or failed to. @param cause the step of the trace that it was */
export const processSpan = (
  event: CloudEvent<unknown>,
  {
    cause,
    group,
    startMs,
    error,
  }: { cause: Cause; group: string; startMs: number; error?: Error | undefined },
): Span => ({
  name: `process ${event.type}`,
  kind: 'consumer',
  cause,
  startMs,
  endMs: Date.now(),
  attributes: {
    ...attributesOf(event, 'process'),
    'messaging.operation.name': 'process',
    'messaging.consumer.group.name': group,
  },
  ...(error !== undefined && { error: error.message }),
});
