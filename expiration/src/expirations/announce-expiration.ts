// An order's time is up: everybody is told. Done only when the broker has confirmed it.
import { createEvent, ExpirationComplete, publishSpan, type Tracing } from '@ticketing/common';
import type { Transport } from '@ticketing/common/broker';
import type { Expiration } from './expiration';

export async function announceExpiration(
  { orderId, traceparent }: Expiration,
  broker: Pick<Transport, 'publish'>,
  tracing?: Pick<Tracing, 'isOn' | 'add'>,
): Promise<void> {
  const event = createEvent(
    ExpirationComplete,
    { orderId },
    { source: 'expiration', subject: orderId, version: 0, cause: { traceparent } },
  );
  const startMs = Date.now();
  await broker.publish(event.type, JSON.stringify(event));
  if (tracing?.isOn) tracing.add(publishSpan(event, startMs));
}
