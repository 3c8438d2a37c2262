// An outage longer than the client endures: after some 20 s without the server it gives up and stays dead.
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, TestServer } from '../src/testing';
import { closeConnections, connected, connectionTo, dataOf, hearing } from './support/brokers';

test('A connection comes back after an outage of 22 s, its subscriptions too', async () => {
  const server = await TestServer.broker();
  const broker = await connectionTo(server);
  const heard = hearing(broker, { channel: 'channel' });
  await broker.publish('channel', 'before');
  await eventually(() => {
    expect(dataOf(heard)).toEqual(['before']);
  });
  await server.kill();
  // No condition to wait for: the length of the outage is what is tried.
  await sleep(22_000);
  await expect(broker.publish('channel', 'during')).rejects.toThrow('The broker is away.');
  await server.start();
  await connected(broker);
  await broker.publish('channel', 'after');
  await eventually(() => {
    // As a set: what was acknowledged just before the end may come again.
    expect(new Set(dataOf(heard))).toEqual(new Set(['before', 'after']));
  });
  await closeConnections();
  await server.stop();
});
