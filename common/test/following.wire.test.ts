// Following channels at the real broker: everybody hears everything from now on, also after the broker was killed.
import { eventually, newId, TestServer } from '../src/testing';
import type { NatsStreaming } from '../src/broker';
import { closeConnections, connected, connectionTo } from './support/brokers';

let server: TestServer;
let channel: string;
beforeAll(async () => {
  server = await TestServer.broker();
});
beforeEach(() => {
  channel = `channel-${newId()}`;
});
afterEach(closeConnections);
afterAll(() => server.stop());

function following(broker: NatsStreaming, channels = [channel]) {
  const heard: string[] = [];
  const state = { readies: 0 };
  const end = broker.follow({
    channels,
    onMessage: (_channel, data) => heard.push(data),
    onReady: () => (state.readies += 1),
  });
  const isReady = (times = 1) =>
    eventually(() => {
      expect(state.readies).toBeGreaterThanOrEqual(times);
    }, 30_000);
  return { heard, state, end, isReady };
}

test('every follower hears everything, on every connection, from now on and nothing of before', async () => {
  const [one, two] = [await connectionTo(server), await connectionTo(server)];
  await one.publish(channel, 'before');
  const followers = [following(one), following(one), following(two)];
  await Promise.all(followers.map(({ isReady }) => isReady()));
  await one.publish(channel, 'a');
  await two.publish(channel, 'b');
  for (const { heard } of followers) {
    await eventually(() => {
      expect(heard).toEqual(['a', 'b']);
    });
  }
});

test('several channels are ready together', async () => {
  const broker = await connectionTo(server);
  const channels = [channel, `${channel}-2`, `${channel}-3`];
  const { heard, isReady, state } = following(broker, channels);
  await isReady();
  for (const each of channels) await broker.publish(each, each);
  await eventually(() => {
    expect([...heard].sort()).toEqual([...channels].sort());
  });
  expect(state.readies).toBe(1);
});

test('who has ended hears no more, ended before it began included, and may end twice', async () => {
  const broker = await connectionTo(server);
  const [ended, atOnce, other] = [following(broker), following(broker), following(broker)];
  atOnce.end();
  await Promise.all([ended.isReady(), other.isReady()]);
  ended.end();
  ended.end();
  await broker.publish(channel, 'later');
  await eventually(() => {
    expect(other.heard).toEqual(['later']);
  });
  expect([ended.heard, atOnce.heard, atOnce.state.readies]).toEqual([[], [], 0]);
  expect(broker.isConnected()).toBe(true);
});

test('a follower of a broker that is away hears as soon as it is there, is told so, and again after a kill', async () => {
  const own = await TestServer.broker();
  try {
    await own.kill();
    const broker = await connectionTo(own, { isAwaited: false });
    const follower = following(broker);
    await own.start();
    await follower.isReady();
    const before = follower.state.readies;
    await own.kill();
    await eventually(() => {
      expect(broker.isConnected()).toBe(false);
    });
    await own.start();
    await connected(broker);
    await follower.isReady(before + 1);
    await broker.publish(channel, 'after');
    await eventually(() => {
      expect(follower.heard).toContain('after');
    });
  } finally {
    await own.stop();
  }
}, 60_000);
