// The rehearsal: each failure is caused on a running system, its alert fires, its entry in docs/operating.md is
// followed, and the alert ends. The rules are the real ones, hurried.
import os from 'node:os';
import { MongoClient } from 'mongodb';
import { announce } from '../support/broker';
import { eventually, forEach, range, sleep } from '../support/eventually';
import { whenAllHolds } from '../support/invariants';
import { expectStatus, Person } from '../support/person';
import { alertNames } from '../support/promised-metrics';
import { System } from '../support/system';
import { firing, untilAlert } from './prometheus';

jest.setTimeout(180_000);
const expirationSeconds = 6;
const toAlertMs = 60_000;
const toResolveMs = 90_000;
let system: System;
let seller: Person;
let buyer: Person;
const figures: { alert: string; cause: string; toAlert: number; toResolve: number }[] = [];

beforeAll(async () => {
  system = await System.boot({ expirationSeconds, args: ['--observe'], env: { HURRY_ALERTS: '1' } });
  [seller, buyer] = await Promise.all([Person.signedUp(system), Person.signedUp(system)]);
});
afterAll(async () => {
  await system.stop();
  const rows = figures.map(
    ({ alert, cause, toAlert, toResolve }) => `| ${alert} | ${cause} | ${toAlert} s | ${toResolve} s |`,
  );
  process.stdout.write(
    `\n| alert | cause | from cause to alert | from remedy to its end |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`,
  );
});

/** Causes a failure, sees the alerts fire, does what their entries say, sees them end. */
async function rehearse(
  cause: string,
  alerts: string[],
  { begin, mend }: { begin: () => Promise<unknown>; mend: () => Promise<unknown> },
): Promise<void> {
  const before = await firing(system);
  expect(alerts.filter((alert) => before.includes(alert))).toEqual([]); // else another failure's is seen
  const watch = (): Promise<number[]> =>
    Promise.all(alerts.map((alert) => untilAlert(system, alert, true, toAlertMs)));
  let toAlert: number[];
  try {
    // Watched from its beginning: some causes take their time.
    [toAlert] = await Promise.all([watch(), begin()]);
  } catch (error) {
    await mend().catch(() => undefined); // the next rehearsal needs what this one took away
    throw error;
  }
  await mend();
  const toResolve = await Promise.all(alerts.map((alert) => untilAlert(system, alert, false, toResolveMs)));
  figures.push(
    ...alerts.map((alert, i) => ({ alert, cause, toAlert: toAlert[i] ?? 0, toResolve: toResolve[i] ?? 0 })),
  );
}

const ops = async (...args: string[]): Promise<string> => (await system.ops(...args)).stdout;
const list = async (): Promise<string> => expectStatus(201, await seller.list('A concert', 19.99)).id;

test('a service is down', () =>
  rehearse('a replica of auth stopped', ['ServiceDown'], {
    begin: () => system.stopPart('auth'),
    mend: () => system.startPart('auth'),
  }));

test('a service is started again and again', () =>
  rehearse('auth killed three times', ['ServiceRestarting'], {
    begin: async () => {
      for (let kills = 0; kills < 3; kills++) {
        await system.kill('auth');
        await sleep(1500); // so that each start is looked at
      }
    },
    mend: () => Promise.resolve(),
  }));

test('MongoDB is away', () =>
  rehearse('MongoDB stopped, people go on', ['DatabaseAway', 'RequestsFailing'], {
    begin: async () => {
      await system.stopPart('mongo');
      // Several times: a counter that has just appeared has not grown yet.
      for (let round = 0; round < 4; round++) {
        await forEach(range(6), 6, () => buyer.call('GET', '/api/tickets'));
        await sleep(1000);
      }
    },
    mend: () => system.startPart('mongo'),
  }));

test('MongoDB is slow', () =>
  rehearse('MongoDB paused for 3 s', ['RequestsSlow'], {
    begin: async () => {
      expectStatus(200, await buyer.call('GET', '/api/tickets'));
      await sleep(2500); // so that what comes now is seen to grow
      const pid = (await system.parts()).find(({ name }) => name === 'mongo')?.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      try {
        const asked = forEach(range(10), 10, () => buyer.call('GET', '/api/tickets'));
        await sleep(3000);
        process.kill(pid, 'SIGCONT');
        await asked;
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    },
    mend: () => Promise.resolve(),
  }));

test('the broker is away, and comes back to a backlog', async () => {
  let late = Promise.resolve(0);
  await rehearse('NATS Streaming stopped, a ticket listed', ['BrokerAway', 'RelayBehind'], {
    begin: async () => {
      await list();
      await sleep(2500); // so that what comes later is seen to grow
      await system.stopPart('nats');
      await list();
    },
    mend: async () => {
      expect(await ops('relay')).toContain('is the broker there?');
      await system.startPart('nats');
      late = untilAlert(system, 'EventsLate', true, toAlertMs);
    },
  });
  const toAlert = await late;
  const toResolve = await untilAlert(system, 'EventsLate', false, toResolveMs);
  figures.push({ alert: 'EventsLate', cause: 'the backlog after it', toAlert, toResolve });
});

test('Redis is away', () =>
  rehearse('Redis stopped, orders placed', ['RedisAway', 'EventsFailing', 'HoldsExpireLate'], {
    begin: async () => {
      await system.stopPart('redis');
      await buyer.orderSoon(await list());
    },
    mend: () => system.startPart('redis'),
  }));

test('nobody relays', () =>
  rehearse('the lease of orders taken by nobody, for an hour', ['NobodyRelays'], {
    begin: () => lease({ holder: 'nobody', expiresAt: new Date(Date.now() + 3_600_000) }),
    mend: async () => {
      expect(await ops('relay')).toMatch(/orders: the lease runs for 60 min/);
      await lease({ holder: '', expiresAt: new Date(0) });
    },
  }));

async function lease(state: { holder: string; expiresAt: Date }): Promise<void> {
  const client = new MongoClient(system.address('mongo'), { runtimeAdapters: { os } });
  try {
    await client
      .db('orders')
      .collection<{ _id: string }>('relay')
      .updateOne({ _id: 'relay' }, { $set: state });
  } finally {
    await client.close();
  }
}

test('poison is set aside', () =>
  rehearse('no JSON announced as order:created', ['EventsSetAside'], {
    begin: () => announce(system, [{ channel: 'order:created', text: 'no JSON' }]),
    mend: async () => {
      const id = /^ {2}(order:created\/\d+)\t/m.exec(await ops('set-aside', 'list'))?.[1] ?? '';
      expect(await ops('set-aside', 'replay', id)).toContain('failed again');
      expect(await ops('set-aside', 'forget', id)).toContain(`${id}\tforgotten`);
    },
  }));

test('Stripe is away while a refund is due', async () => {
  const order = await buyer.orderSoon(await list());
  await sleep(1000); // payments has heard of it
  await rehearse('Stripe stopped before a refund', ['PaymentsUnsettled'], {
    // Charged while orders cannot hear of it, and so cancelled: to be given back.
    begin: async () => {
      await system.stopPart('nats');
      expectStatus(201, await buyer.pay(order.id));
      await buyer.cancel(order.id);
      await system.stopPart('stripe');
      await system.startPart('nats');
    },
    mend: async () => {
      expect(await ops('order', order.id)).toContain('payment cancelling');
      await system.startPart('stripe');
    },
  });
  expect(await ops('order', order.id)).toContain('1999 charged, 1999 refunded');
});

test('afterwards every alert has been rehearsed, none fires, and all copies agree', async () => {
  await whenAllHolds(system, { withinMs: 30_000 });
  expect(await ops('reconcile')).toContain('everything agrees');
  await eventually(
    async () => {
      expect(await firing(system)).toEqual([]);
    },
    { withinMs: toResolveMs, everyMs: 500 },
  );
  expect([...new Set(figures.map(({ alert }) => alert))].sort()).toEqual(alertNames().sort());
});
