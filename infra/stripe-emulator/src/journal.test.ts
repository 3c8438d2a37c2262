import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStripeEmulator } from './index';
import { clientOf, paymentBy, refusalOf, start } from './testing';

let folder: string;
let dataFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stripe-emulator-'));
  dataFile = join(folder, 'data', 'journal.jsonl');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('Everything is there after a restart, idempotency keys included', async () => {
  const before = await start({ dataFile });
  const stripe = clientOf(before);
  const idempotencyKey = 'order-1';
  const intent = await stripe.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey });
  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 100 });
  await refusalOf(
    stripe.paymentIntents.create(paymentBy('tok_chargeDeclined'), { idempotencyKey: 'order-2' }),
  );
  const rows = before.charges();
  await before.close();

  const after = await start({ dataFile });
  const again = clientOf(after);
  expect(after.charges()).toEqual(rows);
  expect(await again.paymentIntents.retrieve(intent.id)).toEqual(intent);
  expect(await again.refunds.retrieve(refund.id)).toEqual(refund);
  const replayed = await again.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey });
  expect(replayed.id).toBe(intent.id);
  const declined = paymentBy('tok_chargeDeclined');
  const refusal = await refusalOf(again.paymentIntents.create(declined, { idempotencyKey: 'order-2' }));
  expect(refusal.headers).toMatchObject({ 'idempotent-replayed': 'true' });
  expect(after.charges()).toEqual(rows);
});

test('A charge, its intent, its event and its key are one line: none is there without the others', async () => {
  const emulator = await start({ dataFile });
  await clientOf(emulator).paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey: 'order-1' });
  const lines = readFileSync(dataFile, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(Object.keys(JSON.parse(lines[0] ?? '') as object)).toEqual([
    'payment_intents',
    'charges',
    'payment_methods',
    'events',
    'idempotency_keys',
  ]);
});

test('A last line that was cut short is forgotten, and what follows is kept', async () => {
  const first = await start({ dataFile });
  await clientOf(first).paymentIntents.create(paymentBy('tok_visa'));
  await first.close();
  appendFileSync(dataFile, '{"payment_intents":[{"id":"pi_torn","amo');

  const second = await start({ dataFile });
  expect(second.charges()).toHaveLength(1);
  await clientOf(second).paymentIntents.create(paymentBy('tok_visa'));
  await second.close();
  expect((await start({ dataFile })).charges()).toHaveLength(2);
});

test('A line in the middle that cannot be read stops the start, with the place', async () => {
  const emulator = await start({ dataFile });
  await clientOf(emulator).paymentIntents.create(paymentBy('tok_visa'));
  await emulator.close();
  writeFileSync(dataFile, `nonsense\n${readFileSync(dataFile, 'utf8')}`);
  await expect(startStripeEmulator({ dataFile })).rejects.toThrow(
    /^Line 1 of .*journal\.jsonl is not readable/,
  );
});

test('Without a file, nothing outlives the process', async () => {
  const before = await start();
  await clientOf(before).paymentIntents.create(paymentBy('tok_visa'));
  await before.close();
  expect((await start()).charges()).toEqual([]);
});
