import { paymentBy, startWithClient } from './testing';

test('It says that it is healthy and ready', async () => {
  const { emulator } = await startWithClient();
  for (const path of ['/healthz', '/readyz']) {
    expect((await fetch(`${emulator.url}${path}`)).status).toBe(200);
  }
});

test('What was charged is told as plain JSON, of all orders or of one', async () => {
  const { stripe, emulator } = await startWithClient();
  const one = await stripe.paymentIntents.create(paymentBy('tok_visa', { metadata: { orderId: 'o1' } }));
  await stripe.paymentIntents.create(paymentBy('tok_visa', { metadata: { orderId: 'o2' } }));
  await stripe.refunds.create({ payment_intent: one.id, amount: 99 });
  const all: unknown = await (await fetch(`${emulator.url}/emulator/charges`)).json();
  expect(all).toEqual(emulator.charges());
  const ofOrder: unknown = await (await fetch(`${emulator.url}/emulator/charges?orderId=o1`)).json();
  expect(ofOrder).toEqual([
    {
      payment_intent: one.id,
      orderId: 'o1',
      amount: 1999,
      currency: 'usd',
      status: 'succeeded',
      charged: 1999,
      refunded: 99,
    },
  ]);
});

test('The page shows charges and refunds, calls itself a sandbox, and trusts no metadata', async () => {
  const { stripe, emulator } = await startWithClient();
  const read = async (): Promise<string> => (await fetch(emulator.url)).text();
  expect(await read()).toContain('Nothing was charged yet.');
  const orderId = '<script>alert(1)</script>';
  const { id } = await stripe.paymentIntents.create(paymentBy('tok_visa', { metadata: { orderId } }));
  await stripe.refunds.create({ payment_intent: id, amount: 500 });
  const html = await read();
  expect(html).toContain('Sandbox.');
  for (const text of [id, '$19.99', '$5.00', 'succeeded']) expect(html).toContain(text);
  expect(html).not.toContain('<script>');
});

test('An unknown page or payment is 404', async () => {
  const { emulator } = await startWithClient();
  expect((await fetch(`${emulator.url}/nonsense`)).status).toBe(404);
  expect((await fetch(`${emulator.url}/emulator/3ds/pi_nonsense`)).status).toBe(404);
});
