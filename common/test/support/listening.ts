// Listeners at a real broker, as a service has them, but with little patience; stopped after each test.
import { z } from 'zod';
import { Listeners, on, type SetAside } from '../../src/broker';
import { defineEvent, type Contract } from '../../src/events';
import { createLogger, Metrics } from '../../src/process';
import { eventOf, newId, type TestServer } from '../../src/testing';
import { connectionTo } from './brokers';

export interface Thing {
  id: string;
  name: string;
}

/** A contract whose channel no other test has. */
export const thingHappened = (): Contract<Thing> =>
  defineEvent(`thing.${newId()}`, z.object({ id: z.string(), name: z.string() }));

export const thing = (contract: Contract<Thing>, name: string): string =>
  JSON.stringify(eventOf(contract, { id: newId(), name }));

const running: Listeners[] = [];

/** One member of the group `things`, with a connection of its own. */
export async function member(
  server: TestServer,
  setAside: SetAside,
  contract: Contract<Thing>,
  handle: (name: string) => Promise<unknown>,
  given: { ackWaitSeconds?: number; maxAttempts?: number } = {},
): Promise<{ listeners: Listeners; metrics: Metrics }> {
  const metrics = new Metrics('things');
  const listeners = new Listeners({
    group: 'things',
    transport: await connectionTo(server),
    listeners: [on(contract, ({ data }) => handle(data.name))],
    setAside,
    logger: createLogger('things', 'test', 'silent'),
    metrics,
    maxAttempts: 3,
    ackWaitSeconds: 1,
    ...given,
  });
  running.push(listeners);
  await listeners.start();
  return { listeners, metrics };
}

export async function stopMembers(): Promise<void> {
  await Promise.all(running.splice(0).map((listeners) => listeners.stop()));
}
