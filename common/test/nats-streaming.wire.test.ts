// The transport and the real broker: what it promises while the broker is there, and while it is killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Delivery } from '../src/broker';
import { isUnavailable } from '../src/process';
import { eventually, newId, TestServer } from '../src/testing';
import { closeConnections, connected, connectionTo, dataOf, hearing, natsUrl } from './support/brokers';

let server: TestServer;
let channel: string;

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

/** A process with a connection of its own. */
function processOf(clientId: string) {
  const runTypescript = join(__dirname, '../../infra/test/run-typescript.cjs');
  const program = join(__dirname, 'support/broker-client.ts');
  return spawn(process.execPath, ['-r', runTypescript, program, natsUrl(server), clientId, channel], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
/** Waits until the process was given the message. */
async function holds({ stdout }: { stdout: NodeJS.ReadableStream }, message: string): Promise<void> {
  const [line] = (await once(createInterface({ input: stdout }), 'line')) as [string];
  expect(line).toBe(message);
}

beforeAll(async () => {
  server = await TestServer.broker();
});
beforeEach(() => {
  channel = `channel-${newId()}`;
});
afterEach(closeConnections);
afterAll(() => server.stop());

describe('A channel', () => {
  test('gives a group every message in order, those from before its time too', async () => {
    const broker = await connectionTo(server);
    for (const data of numbers(1, 5)) await broker.publish(channel, data);
    const heard = hearing(broker, { channel });
    for (const data of numbers(6, 10)) await broker.publish(channel, data);
    await eventually(() => {
      expect(dataOf(heard)).toEqual(numbers(1, 10));
    });
    expect(heard.map(({ sequence }) => sequence)).toEqual(numbers(1, 10).map(Number));
    expect(new Set(heard.map(({ attempt }) => attempt))).toEqual(new Set([1]));
  });

  test('carries a message as it is, whatever its letters and its length', async () => {
    const broker = await connectionTo(server);
    const messages = ['', 'Grüße, 世界 🎟', '\u0000\u0001', 'x'.repeat(500_000)];
    const heard = hearing(broker, { channel });
    for (const message of messages) await broker.publish(channel, message);
    await eventually(() => {
      expect(dataOf(heard)).toEqual(messages);
    });
  });

  test('gives each group all, and shares it among the members of a group', async () => {
    const [first, second] = [await connectionTo(server), await connectionTo(server)];
    const members = [hearing(first, { channel }), hearing(second, { channel })];
    const other = hearing(second, { channel, group: 'other' });
    let published = 0;
    // A member takes part from a moment on that it is not told of: go on until both have had their share.
    await eventually(async () => {
      await first.publish(channel, String(++published));
      for (const member of members) expect(member.length).toBeGreaterThan(5);
    });
    await eventually(() => {
      const shares = members.map((member) => new Set(dataOf(member)));
      expect(shares.map(({ size }) => size).reduce((sum, size) => sum + size)).toBe(published);
      expect(new Set(shares.flatMap((share) => [...share])).size).toBe(published);
      expect(new Set(dataOf(other)).size).toBe(published);
    });
  });

  test('gives a message that nobody acknowledged again, and counts the attempts', async () => {
    const broker = await connectionTo(server);
    const deliveries: Delivery[] = [];
    broker.subscribe({ channel, group: 'group', maxInFlight: 10, ackWaitSeconds: 1 }, (delivery) => {
      deliveries.push(delivery);
      if (delivery.attempt === 3) delivery.ack();
    });
    await broker.publish(channel, 'again');
    await eventually(() => {
      expect(deliveries.map(({ data, sequence, attempt }) => [data, sequence, attempt])).toEqual([
        ['again', 1, 1],
        ['again', 1, 2],
        ['again', 1, 3],
      ]);
    });
  });

  test('goes on where the group was when a member comes back, and hands what a member held to others', async () => {
    const [first, publisher] = [await connectionTo(server), await connectionTo(server)];
    const held: Delivery[] = [];
    first.subscribe({ channel, group: 'group', maxInFlight: 10, ackWaitSeconds: 60 }, (delivery) => {
      if (delivery.data === '1') delivery.ack();
      else held.push(delivery);
    });
    for (const data of numbers(1, 3)) await publisher.publish(channel, data);
    await eventually(() => {
      expect(dataOf(held)).toEqual(['2', '3']);
    });
    await first.stop();
    const heard = hearing(await connectionTo(server), { channel });
    await publisher.publish(channel, '4');
    // Long before the minute in which the first might have acknowledged them.
    await eventually(() => {
      expect(dataOf(heard).sort()).toEqual(['2', '3', '4']);
    });
  });
});

describe('A connection', () => {
  test('is waited for until the broker is there, or nobody wants to wait any more', async () => {
    await server.kill();
    const broker = await connectionTo(server, { isAwaited: false });
    const heard = hearing(broker, { channel });
    const leaving = new AbortController();
    const waiting = broker.whenConnected(leaving.signal);
    leaving.abort();
    await waiting;
    expect(broker.isConnected()).toBe(false);
    await broker.whenConnected(leaving.signal);
    const refused: unknown = await broker.publish(channel, 'early').catch((error: unknown) => error);
    expect(isUnavailable(refused)).toBe(true);

    await server.start();
    await connected(broker);
    await broker.publish(channel, 'late');
    await eventually(() => {
      expect(dataOf(heard)).toEqual(['late']);
    });
  });

  test('comes back by itself after the broker was killed: nothing confirmed is lost, all that waits is told', async () => {
    const broker = await connectionTo(server);
    const heard = hearing(broker, { channel });
    const confirmed: string[] = [];
    const ending = new AbortController();
    const publishing = (async () => {
      for (let i = 0; !ending.signal.aborted; i++) {
        try {
          await broker.publish(channel, String(i));
          confirmed.push(String(i));
        } catch (error) {
          expect(isUnavailable(error)).toBe(true);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    })();
    await eventually(() => {
      expect(confirmed.length).toBeGreaterThan(50);
    });
    await server.kill();
    await eventually(() => {
      expect(broker.isConnected()).toBe(false);
    });
    const before = confirmed.length;
    const refusedAt = Date.now();
    await expect(broker.publish(channel, 'away')).rejects.toThrow('The broker is away.');
    expect(Date.now() - refusedAt).toBeLessThan(500);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(confirmed.length).toBe(before);

    await server.start();
    await connected(broker);
    await eventually(() => {
      expect(confirmed.length).toBeGreaterThan(before + 50);
    });
    ending.abort();
    await publishing;
    await eventually(() => {
      const told = new Set(dataOf(heard));
      expect(confirmed.filter((data) => !told.has(data))).toEqual([]);
    });
  });

  test('of a process that was killed is taken over by the next of the same name', async () => {
    const clientId = `orders-${newId()}`;
    const child = processOf(clientId);
    const publisher = await connectionTo(server);
    await publisher.publish(channel, 'held');
    await holds(child, 'held');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const heard = hearing(await connectionTo(server, { clientId }), { channel });
    await eventually(() => {
      expect(dataOf(heard)).toEqual(['held']);
    });
  });

  test('that is stopped while the broker is away stops at once, and makes no new one', async () => {
    const broker = await connectionTo(server);
    await server.kill();
    await eventually(() => {
      expect(broker.isConnected()).toBe(false);
    });
    const stoppedAt = Date.now();
    await broker.stop();
    await (await connectionTo(server, { isAwaited: false })).stop();
    expect(Date.now() - stoppedAt).toBeLessThan(1000);
    await server.start();
    await connectionTo(server);
    expect(broker.isConnected()).toBe(false);
  });

  test('that is stopped while the broker is away leaves nothing behind that would keep or end its process', async () => {
    const child = processOf(`orders-${newId()}`);
    await (await connectionTo(server)).publish(channel, 'held');
    await holds(child, 'held');
    await server.kill();
    const stoppedAt = Date.now();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(Date.now() - stoppedAt).toBeLessThan(4000);
    await server.start();
  });
});
