import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { clientOf, eventually, paymentBy, refusalOf, start } from './testing';

const secret = 'whsec_local';

interface Delivery {
  payload: string;
  signature: string;
}

let server: Server;
let deliveries: Delivery[];
let answers: number[];
let url: string;

beforeEach(async () => {
  deliveries = [];
  answers = [];
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const signature = String(request.headers['stripe-signature']);
      deliveries.push({ payload: Buffer.concat(parts).toString(), signature });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/payments/webhook`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const webhook = (more = {}) => ({ url, secret, firstDelayMs: 5, ...more });
const verified = ({ payload, signature }: Delivery): Stripe.Event =>
  new Stripe('sk_test_local').webhooks.constructEvent(payload, signature, secret);
const received = (count: number): Promise<Delivery[]> =>
  eventually(
    () => deliveries,
    (all) => all.length >= count,
  );

test('What happens to money is announced, signed as the SDK verifies it', async () => {
  const emulator = await start({ webhook: webhook() });
  const stripe = clientOf(emulator);
  const paid = await stripe.paymentIntents.create(paymentBy('tok_visa'), { idempotencyKey: 'order-1' });
  await received(1);
  await stripe.refunds.create({ payment_intent: paid.id, amount: 500 });
  await received(2);
  await refusalOf(stripe.paymentIntents.create(paymentBy('tok_chargeDeclined')));
  await received(3);
  const open = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' });
  await stripe.paymentIntents.cancel(open.id);
  const events = (await received(4)).map(verified);

  expect(events.map(({ type }) => type)).toEqual([
    'payment_intent.succeeded',
    'charge.refunded',
    'payment_intent.payment_failed',
    'payment_intent.canceled',
  ]);
  expect(events[0]).toMatchObject({
    object: 'event',
    data: { object: { id: paid.id, status: 'succeeded' } },
    livemode: false,
    request: { idempotency_key: 'order-1' },
  });
  expect(events[1]?.data).toMatchObject({
    object: { id: paid.latest_charge, amount_refunded: 500 },
    previous_attributes: { amount_refunded: 0 },
  });
  expect(events[2]?.data.object).toMatchObject({ last_payment_error: { code: 'card_declined' } });
});

test('A forged payload does not pass the verification', async () => {
  const emulator = await start({ webhook: webhook() });
  await clientOf(emulator).paymentIntents.create(paymentBy('tok_visa'));
  const [delivery] = await received(1);
  if (delivery === undefined) throw new Error('There was no delivery.');
  const forged = { ...delivery, payload: delivery.payload.replace('1999', '1') };
  expect(() => verified(forged)).toThrow(Stripe.errors.StripeSignatureVerificationError);
});

test('A receiver that fails is asked again, until it takes the event', async () => {
  answers = [500, 302, 503];
  const emulator = await start({ webhook: webhook() });
  const stripe = clientOf(emulator);
  await stripe.paymentIntents.create(paymentBy('tok_visa'));
  const ids = (await received(4)).map((delivery) => verified(delivery).id);
  expect(new Set(ids).size).toBe(1);
  let pending: number | undefined;
  while (pending !== 0) pending = (await stripe.events.retrieve(ids[0] ?? '')).pending_webhooks;
  expect(deliveries).toHaveLength(4);
});

test('After its last attempt an event is given up, with a line in the log', async () => {
  answers = Array.from({ length: 10 }, () => 500);
  const lines: string[] = [];
  const emulator = await start({ webhook: webhook({ attempts: 3 }), log: (line) => lines.push(line) });
  await clientOf(emulator).paymentIntents.create(paymentBy('tok_visa'));
  await eventually(
    () => lines,
    (all) => all.length > 0,
  );
  expect(lines).toEqual([
    expect.stringMatching(/payment_intent\.succeeded.*given up after 3 attempts: answered 500/),
  ]);
  expect(deliveries).toHaveLength(3);
});

test('An event that could not be delivered is sent after a restart, and only that one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stripe-emulator-'));
  const dataFile = join(folder, 'journal.jsonl');
  const first = await start({ dataFile, webhook: webhook() });
  await clientOf(first).paymentIntents.create(paymentBy('tok_visa'));
  await received(1);
  await first.close();

  const deaf = await start({
    dataFile,
    webhook: webhook({ url: 'http://127.0.0.1:9', firstDelayMs: 60_000 }),
  });
  const missed = await clientOf(deaf).paymentIntents.create(paymentBy('tok_mastercard'));
  await deaf.close();
  expect(deliveries).toHaveLength(1);

  await start({ dataFile, webhook: webhook() });
  const [, late] = (await received(2)).map(verified);
  expect(late?.data.object).toMatchObject({ id: missed.id });
  rmSync(folder, { recursive: true, force: true });
});

test('Events are listed, newest first and by type, with or without a receiver', async () => {
  const emulator = await start();
  const stripe = clientOf(emulator);
  const { id } = await stripe.paymentIntents.create(paymentBy('tok_visa'));
  await stripe.refunds.create({ payment_intent: id });
  const { data } = await stripe.events.list();
  expect(data.map(({ type, pending_webhooks }) => [type, pending_webhooks])).toEqual([
    ['charge.refunded', 0],
    ['payment_intent.succeeded', 0],
  ]);
  expect((await stripe.events.list({ type: 'charge.refunded' })).data).toHaveLength(1);
  expect((await stripe.events.list({ types: ['payment_intent.canceled'] })).data).toHaveLength(0);
});
