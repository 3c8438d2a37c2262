// What the tests share: an emulator of their own, and the real Stripe SDK talking to it.
import Stripe from 'stripe';
import { startStripeEmulator, type StripeEmulator, type StripeEmulatorOptions } from './index';

const running: StripeEmulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

export async function start(options: StripeEmulatorOptions = {}): Promise<StripeEmulator> {
  const emulator = await startStripeEmulator(options);
  running.push(emulator);
  return emulator;
}

export const clientOf = (
  emulator: { host: string; port: number },
  config: Stripe.StripeConfig = {},
): Stripe =>
  new Stripe('sk_test_local', {
    host: emulator.host,
    port: emulator.port,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
    ...config,
  });

export async function startWithClient(
  options: StripeEmulatorOptions = {},
): Promise<{ emulator: StripeEmulator; stripe: Stripe }> {
  const emulator = await start(options);
  return { emulator, stripe: clientOf(emulator) };
}

/** A card payment of $19.99 in one request, as the payments service makes it. */
export const paymentBy = (
  token: string,
  more: Partial<Stripe.PaymentIntentCreateParams> = {},
): Stripe.PaymentIntentCreateParams => ({
  amount: 1999,
  currency: 'usd',
  confirm: true,
  automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  payment_method_data: {
    type: 'card',
    card: { token },
  } as Stripe.PaymentIntentCreateParams.PaymentMethodData,
  ...more,
});

/** What the promise was refused with; it fails the test when there was no refusal. */
export async function refusalOf(promise: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const outcome: unknown = await promise.then(
    () => new Error('There was no refusal.'),
    (error: unknown) => error,
  );
  if (outcome instanceof Stripe.errors.StripeError) return outcome;
  throw outcome;
}

export async function eventually<T>(read: () => T, isThere: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const value = read();
    if (isThere(value)) return value;
    if (Date.now() > deadline) throw new Error(`It never came; the last was ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
