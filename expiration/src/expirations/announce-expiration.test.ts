// The announcement that an order's time is up.
import { ExpirationComplete, newCause, parseEvent, Unavailable } from '@ticketing/common';
import { newId } from '@ticketing/common/testing';
import { announceExpiration } from './announce-expiration';

const expiration = () => ({ orderId: newId(), expiresAt: new Date().toISOString(), ...newCause() });

test('an expiration is announced by its contract, and continues the trace of the order', async () => {
  const given = expiration();
  const said: [string, string][] = [];
  await announceExpiration(given, {
    publish: (channel, data) => {
      said.push([channel, data]);
      return Promise.resolve();
    },
  });
  expect(said.map(([channel]) => channel)).toEqual(['expiration:complete']);
  const event = parseEvent(ExpirationComplete, said[0]?.[1] ?? '');
  expect(event).toMatchObject({
    source: '/expiration',
    subject: given.orderId,
    traceparent: given.traceparent,
    data: { orderId: given.orderId },
  });
});

test('announced again, the event has the id of the first: it is known as a repeat', async () => {
  const given = expiration();
  const ids: unknown[] = [];
  const publish = (_channel: string, data: string) => {
    ids.push((JSON.parse(data) as { id: string }).id);
    return Promise.resolve();
  };
  await announceExpiration(given, { publish });
  await announceExpiration(given, { publish });
  expect(ids[0]).toBe(ids[1]);
});

test('what the broker does not confirm is not announced: the job has to come again', async () => {
  const publish = () => Promise.reject(new Unavailable('The broker is away.'));
  await expect(announceExpiration(expiration(), { publish })).rejects.toThrow('The broker is away.');
});
