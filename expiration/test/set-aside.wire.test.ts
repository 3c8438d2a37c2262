// What cannot be understood is set aside in Redis, blocks nothing, and waits for an operator's command.
import { OrderCreated } from '@ticketing/common';
import { eventOf, eventually, orderData } from '@ticketing/common/testing';
import { ExpirationUnderTest } from './support/expiration-under-test';

let expiration: ExpirationUnderTest;
beforeAll(async () => {
  expiration = await ExpirationUnderTest.start();
});
afterAll(() => expiration.stop());
afterEach(() => expiration.redisClient.del('set-aside'));

const say = (text: string) => expiration.tap.say({ channel: OrderCreated.type, text });
const setAside = (count: number) =>
  eventually(async () => {
    expect(await expiration.redisClient.hlen('set-aside')).toBe(count);
  });

/** As the code of yesterday wrote it, say: an order without a sequence. */
const unreadable = () => {
  const event = eventOf(OrderCreated, orderData({ expiresAt: new Date(Date.now() - 1000).toISOString() }));
  return { event, text: JSON.stringify({ ...event, data: { ...event.data, sequence: undefined } }) };
};

test('messages that are no orders are set aside with their reason, and an order behind them expires', async () => {
  await say('not even JSON');
  await say(unreadable().text);
  await say(JSON.stringify({ specversion: '1.0' }));
  const order = await expiration.place(100);
  await eventually(() => expiration.lateness(order));
  await setAside(3);
  const { code, output } = await expiration.command('set-aside', 'list');
  expect(code).toBe(0);
  expect(output).toContain('order:created/1');
  expect(output).toContain('The message is not JSON.');
  expect(output).toContain('not even JSON');
  expect(output).toContain('data.sequence');
  expect(output).toMatch(/^3 set aside$/m);
  const { text } = await expiration.http.get('/metrics').expect(200);
  expect(text).toMatch(/^set_aside_messages\{service="expiration"\} 3$/m);
});

test('replayed, what still cannot be understood stays, and what can be by now is handled', async () => {
  const { event, text } = unreadable();
  await say(text);
  await setAside(1);
  const [id = ''] = await expiration.redisClient.hkeys('set-aside');
  const again = await expiration.command('set-aside', 'replay', id);
  expect(again.output).toContain(`${id}\tfailed again: `);
  expect(again.output).toMatch(/^1 set aside$/m);

  // An operator has mended the message.
  const kept = JSON.parse((await expiration.redisClient.hget('set-aside', id)) ?? '{}') as object;
  await expiration.redisClient.hset(
    'set-aside',
    id,
    JSON.stringify({ ...kept, data: JSON.stringify(event) }),
  );
  const replayed = await expiration.command('set-aside', 'replay');
  expect(replayed.output).toContain(`${id}\thandled`);
  expect(replayed.output).toMatch(/^0 set aside$/m);
  await eventually(() => expiration.lateness(event.data));
});

test('what is not set aside is said not to be', async () => {
  const { output, code } = await expiration.command('set-aside', 'replay', 'order:created/999');
  expect(output).toContain('order:created/999\tis not set aside');
  expect(code).toBe(0);
});

test('a command takes no jobs: what is due meanwhile is left to the service', async () => {
  await expiration.process?.stop();
  const due = orderData({ expiresAt: new Date().toISOString() });
  await expiration.queue.add(
    { orderId: due.id, expiresAt: due.expiresAt, traceparent: eventOf(OrderCreated, due).traceparent },
    { jobId: due.id, attempts: 100, backoff: 200 },
  );
  // Enough to keep the command busy for a while.
  for (let sequence = 1; sequence <= 300; sequence++) {
    const [id, channel] = [`order:created/${sequence}`, OrderCreated.type];
    const data = JSON.stringify(eventOf(OrderCreated, orderData()));
    const message = { id, channel, data, reason: 'a bug', attempts: 5, setAsideAt: new Date() };
    await expiration.redisClient.hset('set-aside', id, JSON.stringify(message));
  }
  expect((await expiration.command('set-aside', 'replay')).output).toMatch(/^0 set aside$/m);
  expect(await expiration.queue.getDelayedCount()).toBe(300);
  expect((await expiration.job(due)).attemptsMade).toBe(0);
  await expiration.startProcess();
  await eventually(() => expiration.lateness(due));
});
