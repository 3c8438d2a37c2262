// The safety net of expiry: cancels what is past its time and grace, and nothing else.
import { OrderCancelled, openStatuses } from '@ticketing/common';
import { ordersSlice } from '../testing';
import { cancelOverdue, graceMs } from './cancel-overdue';

const { connection, orders, fill, pay, stored, raw, eventOf } = ordersSlice();

beforeEach(() => orders.model.deleteMany({}));

const now = Date.now();
const overdueBy = (ms: number) => new Date(now - graceMs - ms);

test('what is open past its time and grace is cancelled, and says so', async () => {
  const ids = await fill([
    { expiresAt: overdueBy(1) },
    { expiresAt: overdueBy(86_400_000), status: 'awaiting:payment' },
  ]);
  expect(await cancelOverdue(orders, now)).toBe(2);
  for (const id of ids) {
    expect(await stored(id)).toMatchObject({ status: 'cancelled', version: 1 });
    expect((await eventOf(id, OrderCancelled)).data).toMatchObject({ id, status: 'cancelled', version: 1 });
  }
});

test('what is not past its time and grace is left to expiration', async () => {
  const ids = await fill([
    { expiresAt: overdueBy(0) },
    { expiresAt: overdueBy(-1) },
    { expiresAt: new Date(now) },
  ]);
  expect(await cancelOverdue(orders, now)).toBe(0);
  for (const id of ids) expect(await stored(id)).toMatchObject({ status: 'created', version: 0 });
});

test('what has ended, however long ago, is not looked at', async () => {
  const ids = await fill([
    { expiresAt: overdueBy(1000), status: 'complete' },
    { expiresAt: overdueBy(1000), status: 'cancelled' },
  ]);
  const before = await Promise.all(ids.map(raw));
  expect(await cancelOverdue(orders, now)).toBe(0);
  expect(await Promise.all(ids.map(raw))).toEqual(before);
});

test('more than a batch is cancelled in one go, batch after batch', async () => {
  await fill(Array.from({ length: 450 }, (_, i) => ({ expiresAt: overdueBy(1 + i) })));
  await fill([{}]);
  expect(await cancelOverdue(orders, now)).toBe(450);
  expect(await orders.model.countDocuments({ status: 'cancelled', version: 1 })).toBe(450);
  expect(await orders.model.countDocuments({ status: 'created' })).toBe(1);
});

test('exactly a batch comes to an end too', async () => {
  await fill(Array.from({ length: 200 }, () => ({ expiresAt: overdueBy(1) })));
  expect(await cancelOverdue(orders, now)).toBe(200);
  expect(await cancelOverdue(orders, now)).toBe(0);
});

test('replicas that look at once cancel each order once', async () => {
  await fill(Array.from({ length: 50 }, () => ({ expiresAt: overdueBy(1) })));
  await Promise.all([cancelOverdue(orders, now), cancelOverdue(orders, now), cancelOverdue(orders, now)]);
  expect(await orders.model.countDocuments({ status: 'cancelled', version: 1 })).toBe(50);
});

test('an order that is paid while it is overdue ends complete or cancelled, with one change', async () => {
  const ids = await fill(Array.from({ length: 50 }, () => ({ expiresAt: overdueBy(1) })));
  await Promise.all([cancelOverdue(orders, now), ...ids.map(pay)]);
  expect(await orders.model.countDocuments({ status: { $in: openStatuses } })).toBe(0);
  expect(await orders.model.countDocuments({ version: 1 })).toBe(50);
});

test('looking costs what is overdue, however many orders there are: by an index of the open ones alone', async () => {
  await fill(Array.from({ length: 500 }, () => ({ status: 'complete' as const, expiresAt: overdueBy(1) })));
  await fill(Array.from({ length: 100 }, () => ({})));
  await fill(Array.from({ length: 10 }, () => ({ expiresAt: overdueBy(1) })));
  await connection.db?.command({ profile: 2 });
  await cancelOverdue(orders, now);
  const profile = await connection
    .collection('system.profile')
    .findOne({ 'command.find': 'orders', 'command.filter.expiresAt': { $exists: true } });
  await connection.db?.command({ profile: 0 });
  expect(profile).toMatchObject({
    planSummary: 'IXSCAN { expiresAt: 1 }',
    keysExamined: 10,
    docsExamined: 10,
  });
  expect(profile?.['hasSortStage']).toBeUndefined();
});
